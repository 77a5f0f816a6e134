import { test } from "node:test";
import { expect } from "chai";
import { createStorage } from "unstorage";
import { etcdDriver } from "../../../src/unstorage/index.ts";
import { reasonOf } from "../../contract/expectations.ts";
import { liveScene } from "../support/live-scene.ts";

test("unstorage reads and writes items, their keys with slashes", async () => {
  const { etcd } = liveScene();
  const storage = createStorage({ driver: etcdDriver(etcd.namespace("app/")) });
  await storage.setItem("config:theme", { name: "dark" });
  expect((await etcd.get("app/config/theme"))?.text()).to.equal('{"name":"dark"}');
  expect(await storage.getItem("config/theme")).to.deep.equal({ name: "dark" });
  expect([await storage.getItem("missing"), await storage.hasItem("missing")]).to.deep.equal([null, false]);
  expect(await storage.hasItem("config:theme")).to.equal(true);
  await storage.removeItem("config:theme");
  expect(await storage.hasItem("config:theme")).to.equal(false);
});

test("bytes go through as they are", async () => {
  const { etcd } = liveScene();
  const storage = createStorage({ driver: etcdDriver(etcd) });
  await storage.setItemRaw("image", Uint8Array.of(0, 255, 128));
  expect(await storage.getItemRaw("image")).to.deep.equal(Uint8Array.of(0, 255, 128));
  expect(await storage.getItemRaw("missing")).to.equal(null);
});

test("keys are those that unstorage can name; a base narrows them, and what is cleared", async () => {
  const { etcd } = liveScene();
  const storage = createStorage();
  const driver = etcdDriver(etcd.namespace("app/"));
  storage.mount("etcd", driver);
  const keys = ["a/b", "a/c", "ab", "d", "host:80", "a//b", "/a", "a/", "q?"];
  for (const key of keys) await etcd.put(`app/${key}`, "1");
  await etcd.put(Uint8Array.of(...new TextEncoder().encode("app/"), 0xff), "1");
  await etcd.put("elsewhere", "1");
  expect((await storage.getKeys("etcd")).sort()).to.deep.equal(["etcd:a:b", "etcd:a:c", "etcd:ab", "etcd:d"]);
  expect((await storage.getKeys("etcd:a")).sort()).to.deep.equal(["etcd:a:b", "etcd:a:c"]);
  for (const key of await storage.getKeys("etcd")) expect(await storage.getItem(key)).to.equal(1);
  await driver.clear("a:"); // unstorage itself clears whole mounts only
  expect((await storage.getKeys("etcd")).sort()).to.deep.equal(["etcd:ab", "etcd:d"]);
  await storage.clear("etcd");
  expect([await etcd.count({ prefix: "app/" }), await etcd.count({ all: true })]).to.deep.equal([0, 1]);
});

test("an item with a ttl is gone after its seconds, unless it is written again without", async () => {
  const { platform, etcd } = liveScene();
  const storage = createStorage({ driver: etcdDriver(etcd, { ttl: 60 }) });
  await storage.setItem("short", "1", { ttl: 10 });
  await storage.setItem("default", "1");
  await storage.setItem("again", "1", { ttl: 10 });
  await storage.setItem("again", "2", { ttl: 600 });
  await platform.pass(9_000);
  expect((await storage.getKeys()).sort()).to.deep.equal(["again", "default", "short"]);
  await platform.pass(3_000);
  expect((await storage.getKeys()).sort()).to.deep.equal(["again", "default"]);
  await platform.pass(60_000);
  expect(await storage.getKeys()).to.deep.equal(["again"]);
});

test("watch() tells what others change, also across a compaction, until it is left", async () => {
  const { platform, etcd, client, memory, turn } = liveScene();
  await etcd.put("a", "1");
  const storage = createStorage({ driver: etcdDriver(client()) });
  const heard: string[] = [];
  const opening = storage.watch((event, key) => heard.push(`${event} ${key}`));
  await turn();
  const unwatch = await opening;
  await etcd.put("config/theme", "dark");
  await etcd.put("a", "2");
  await etcd.put("host:80", "has no name");
  await turn();
  await etcd.delete("a");
  await turn();
  expect(heard).to.deep.equal(["update config:theme", "update a", "remove a"]);
  memory.faults.cutStreams();
  const { revision } = await etcd.put("b", "1");
  await etcd.compact(revision);
  await platform.pass(5_000);
  await turn();
  expect(heard.slice(3)).to.deep.equal(["update b"]);
  await unwatch();
  await etcd.put("c", "1");
  await turn();
  expect(heard.length).to.equal(4);
});

test("watch() tells of values that are other ones, whatever their bytes, and of no other writes", async () => {
  const { etcd, client, turn } = liveScene();
  const storage = createStorage({ driver: etcdDriver(client()) });
  const heard: string[] = [];
  const opening = storage.watch((event, key) => heard.push(`${event} ${key}`));
  await turn();
  const unwatch = await opening;
  for (const value of ["", "1", "1", Uint8Array.of(0xff), Uint8Array.of(0xfe), Uint8Array.of(0xfe)]) {
    await etcd.put("a", value);
    await turn();
  }
  expect(heard).to.deep.equal(Array.from({ length: 4 }, () => "update a"));
  await unwatch();
});

test("a key that begins with a byte order mark keeps it", async () => {
  const { etcd } = liveScene();
  const storage = createStorage({ driver: etcdDriver(etcd) });
  await storage.setItem("\uFEFFa", "1");
  const [key = ""] = await storage.getKeys();
  expect([key, await storage.getItem(key)]).to.deep.equal(["\uFEFFa", 1]);
});

test("watch() of what may not be watched rejects; dispose() ends what watches", async () => {
  const { etcd, client, turn } = liveScene();
  const closed = client();
  await closed.close();
  const { watch } = etcdDriver(closed);
  expect(await reasonOf(watch(() => {}))).to.include({ code: "closed" });

  const driver = etcdDriver(client());
  const heard: string[] = [];
  const opening = driver.watch((event) => heard.push(event));
  await turn();
  await opening;
  await driver.dispose();
  await etcd.put("a", "1");
  await turn();
  expect(heard).to.deep.equal([]);
});
