import { afterEach, test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { type Client, type EvaluationContext, type JsonValue, OpenFeature, ProviderEvents } from "@openfeature/web-sdk";
import { expect } from "chai";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import type { Etcd } from "../../../src/index.ts";
import { EtcdFlagProvider, type EtcdFlagProviderOptions } from "../../../src/openfeature/index.ts";
import { createFakePlatform } from "../support/fake-platform.ts";
import { type LiveScene, liveScene } from "../support/live-scene.ts";
import { scriptEtcd } from "../support/scripted-etcd.ts";

const prefix = "flags/";

const flags = {
  plain: true,
  text: "hello",
  number: 4,
  object: { a: 1 },
  off: { disabled: true, variants: { on: true }, default: "on" },
  targeted: {
    variants: { on: true, off: false },
    default: "off",
    rules: [{ when: { country: ["ch", "at"], plan: "pro" }, variant: "on" }],
    metadata: { owner: "web" },
  },
  split: { variants: { a: "A", b: "B" }, default: "a", rules: [{ split: { a: 1, b: 1 } }] },
};

/** Each test has a client of its own: handlers outlive their provider. */
let tests = 0;
let domain = "test";

/** The provider in the real SDK, and what it has told. */
async function using(
  scene: Pick<LiveScene, "turn">,
  etcd: Etcd,
  options: Partial<EtcdFlagProviderOptions> = {},
): Promise<{ readonly client: Client; readonly told: string[]; readonly failure: unknown }> {
  const told: string[] = [];
  const client = OpenFeature.getClient(domain);
  for (const event of Object.values(ProviderEvents)) {
    client.addHandler(event, (details) => {
      const flagsChanged = (details as { readonly flagsChanged?: string[] } | undefined)?.flagsChanged ?? [];
      told.push([event, ...flagsChanged].join(" "));
    });
  }
  let failure: unknown;
  const provider = new EtcdFlagProvider(etcd, { prefix, ...options });
  const ready = OpenFeature.setProviderAndWait(domain, provider).catch((error: unknown) => {
    failure = error;
  });
  await scene.turn();
  await ready;
  return { client, told, failure };
}

afterEach(async () => {
  await OpenFeature.clearProviders();
  domain = `test ${++tests}`;
});

async function filled(): Promise<LiveScene> {
  const scene = liveScene();
  for (const [name, flag] of Object.entries(flags)) await scene.etcd.put(prefix + name, JSON.stringify(flag));
  await scene.etcd.put(`${prefix}broken`, "{");
  await scene.etcd.put(`${prefix}wrong`, '{"variants":{"a":1},"default":"b"}');
  return scene;
}

const pro = { country: "ch", plan: "pro" };
const rows: readonly [flag: string, fallback: JsonValue, context: EvaluationContext, details: object][] = [
  ["plain", false, {}, { value: true, reason: "STATIC" }],
  ["text", "", {}, { value: "hello", reason: "STATIC" }],
  ["number", 0, {}, { value: 4, reason: "STATIC" }],
  ["object", {}, {}, { value: { a: 1 }, reason: "STATIC" }],
  ["off", false, {}, { value: false, reason: "DISABLED" }],
  ["targeted", false, pro, { value: true, variant: "on", reason: "TARGETING_MATCH", flagMetadata: { owner: "web" } }],
  ["targeted", true, { ...pro, plan: "free" }, { value: false, variant: "off", reason: "DEFAULT" }],
  ["targeted", true, {}, { value: false, variant: "off", reason: "DEFAULT" }],
  ["split", "", {}, { value: "", reason: "ERROR", errorCode: "TARGETING_KEY_MISSING" }],
  ["split", "", { targetingKey: "u" }, { reason: "SPLIT" }],
  ["missing", false, {}, { value: false, reason: "ERROR", errorCode: "FLAG_NOT_FOUND" }],
  ["broken", false, {}, { value: false, reason: "ERROR", errorCode: "PARSE_ERROR" }],
  ["wrong", 7, {}, { value: 7, reason: "ERROR", errorCode: "PARSE_ERROR" }],
  ["plain", "x", {}, { value: "x", reason: "ERROR", errorCode: "TYPE_MISMATCH" }],
  ["text", 1, {}, { value: 1, reason: "ERROR", errorCode: "TYPE_MISMATCH" }],
  ["number", true, {}, { value: true, reason: "ERROR", errorCode: "TYPE_MISMATCH" }],
  ["plain", {}, {}, { value: {}, reason: "ERROR", errorCode: "TYPE_MISMATCH" }],
];

function details(client: Client, flag: string, fallback: JsonValue): object {
  if (typeof fallback === "boolean") return client.getBooleanDetails(flag, fallback);
  if (typeof fallback === "string") return client.getStringDetails(flag, fallback);
  if (typeof fallback === "number") return client.getNumberDetails(flag, fallback);
  return client.getObjectDetails(flag, fallback);
}

for (const [flag, fallback, context, wanted] of rows) {
  test(`${flag}, asked with ${JSON.stringify(fallback)} for ${JSON.stringify(context)}: ${JSON.stringify(wanted)}`, async () => {
    const scene = await filled();
    await OpenFeature.setContext(domain, context);
    const { client } = await using(scene, scene.client());
    expect(details(client, flag, fallback)).to.deep.include(wanted);
  });
}

test("a split gives each targeting key one variant, and both about as often", async () => {
  const scene = await filled();
  const { client } = await using(scene, scene.client());
  let ofA = 0;
  for (let i = 0; i < 400; i++) {
    await OpenFeature.setContext(domain, { targetingKey: `user-${i}` });
    const value = client.getStringValue("split", "");
    expect(client.getStringValue("split", "")).to.equal(value);
    if (value === "A") ofA++;
  }
  expect(ofA).to.be.within(150, 250);
});

test("changes are told with the names of their flags; closing ends everything", async () => {
  const scene = await filled();
  const etcd = scene.client();
  const { client, told } = await using(scene, etcd);
  expect([client.providerStatus, told]).to.deep.equal(["READY", ["PROVIDER_READY"]]);
  await scene.etcd.txn({ success: [] });
  await scene.etcd.put(`${prefix}text`, '"bye"');
  await scene.etcd.delete(`${prefix}plain`);
  await scene.turn();
  expect(told.slice(1)).to.deep.equal(["PROVIDER_CONFIGURATION_CHANGED text", "PROVIDER_CONFIGURATION_CHANGED plain"]);
  expect(client.getStringValue("text", "")).to.equal("bye");
  expect(client.getBooleanDetails("plain", false).errorCode).to.equal("FLAG_NOT_FOUND");
  await OpenFeature.clearProviders();
  await scene.turn();
  expect(etcd.connection.state.state).to.equal("idle");
});

test("what was stored is there at once, from the cache, and then live", async () => {
  const scene = await filled();
  const kept = new Map<string, string>();
  const storage = { load: (id: string) => kept.get(id), save: (id: string, text: string) => void kept.set(id, text) };
  await using(scene, scene.client(), { storage });
  await OpenFeature.clearProviders();
  expect(kept.size).to.equal(1);
  const told: string[] = [];
  const waiting = OpenFeature.setProviderAndWait(domain, new EtcdFlagProvider(scene.client(), { prefix, storage }));
  await waiting;
  const client = OpenFeature.getClient(domain);
  client.addHandler(ProviderEvents.Stale, () => told.push("stale"));
  expect(client.getBooleanDetails("plain", false)).to.deep.include({ value: true, reason: "CACHED" });
  await scene.turn();
  expect(client.getBooleanDetails("plain", false)).to.deep.include({ value: true, reason: "STATIC" });
  expect([client.providerStatus, told]).to.deep.equal(["READY", []]);
});

test("what a storage tells later is there as soon as it does, and stale where etcd stays away", async () => {
  const scene = await filled();
  const kept = new Map<string, string>();
  const storage = {
    load: async (id: string) => kept.get(id),
    save: async (id: string, text: string) => void kept.set(id, text),
  };
  await using(scene, scene.client(), { storage });
  await OpenFeature.clearProviders();
  scene.memory.faults.unavailable(60_000);
  const { client, told, failure } = await using(scene, scene.client(), { storage, timeoutMs: 4_000 });
  expect(failure).to.equal(undefined);
  expect(client.getBooleanDetails("plain", false)).to.deep.include({ value: true, reason: "CACHED" });
  expect(told.splice(0)).to.deep.equal(["PROVIDER_READY"]);
  await scene.platform.pass(4_000);
  expect([client.providerStatus, told.splice(0)]).to.deep.equal(["STALE", ["PROVIDER_STALE"]]);
  await scene.platform.pass(120_000);
  expect([client.providerStatus, told[0]]).to.deep.equal(["READY", "PROVIDER_READY"]);
  expect(client.getBooleanDetails("plain", false)).to.deep.include({ value: true, reason: "STATIC" });
});

test("it is fatal where etcd refuses it, and ready when it does not any more", async () => {
  const platform = createFakePlatform();
  const etcd = scriptEtcd();
  etcd.readErrors.push(new ConnectError("etcdserver: permission denied", Code.PermissionDenied));
  const turn = async (): Promise<void> => {
    for (let i = 0; i < 5; i++) await platform.pass(0);
  };
  const { client, told, failure } = await using({ turn }, createEtcdOn(platform, { transport: etcd.transport }));
  expect([client.providerStatus, told]).to.deep.equal(["FATAL", ["PROVIDER_ERROR"]]);
  expect(String(failure)).to.contain("permission denied");
  await platform.pass(1_000);
  await turn();
  expect([client.providerStatus, told.at(-1)]).to.deep.equal(["READY", "PROVIDER_READY"]);
});

test("it is an error where no etcd answers in time, stale while the link is down, and ready when it is back", async () => {
  const { platform, memory, client: reader } = await filled();
  memory.faults.unavailable(5_000);
  const { client, told } = await using({ turn: () => platform.pass(3_000) }, reader(), { timeoutMs: 2_000 });
  expect([client.providerStatus, told]).to.deep.equal(["ERROR", ["PROVIDER_ERROR"]]);
  await platform.pass(20_000);
  expect([client.providerStatus, told[1]]).to.deep.equal(["READY", "PROVIDER_READY"]);
  memory.faults.unavailable(5_000);
  memory.faults.cutStreams();
  await platform.pass(1_000);
  expect([client.providerStatus, told.at(-1)]).to.deep.equal(["STALE", "PROVIDER_STALE"]);
  expect(client.getBooleanDetails("plain", false)).to.deep.include({ value: true, reason: "STALE" });
  await platform.pass(20_000);
  expect([client.providerStatus, told.at(-1)]).to.deep.equal(["READY", "PROVIDER_READY"]);
});
