import { after, before, suite, test } from "node:test";
import { createClient } from "@connectrpc/connect";
import { expect } from "chai";
import { createEtcd, type Etcd, type EtcdOptions, passwordAuth } from "../../src/index.ts";
import { Auth, Permission_Type } from "../../src/proto.ts";
import { rejection, take, until } from "../contract/expectations.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { type EtcdServer, startEtcd } from "../fixtures/etcd.ts";
import { type FaultProxy, startFaultProxy } from "../fixtures/fault-proxy.ts";
import { jwtOption } from "../fixtures/jwt-keys.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import type { EtcdVersion } from "../fixtures/versions.ts";

const root = { name: "root", password: "secret" };
const reader = { name: "reader", password: "public" };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

for (const version of ["3.4", "3.5.14", "3.7"] as const) {
  suite(`etcd ${version} with users and tokens that live for a second`, () => {
    let scene: Scene;
    before(async () => {
      scene = await start(version);
    });
    after(() => scene?.stop());

    test("a call without a user is unauthenticated; with one it succeeds", async () => {
      await using stranger = scene.client({});
      expect((await rejection(stranger.get("a"), "unauthenticated")).mayHaveRun).to.equal(false);
      await using etcd = scene.client({ auth: passwordAuth(root) });
      await etcd.put("config/a", "1");
      expect((await etcd.get("config/a"))?.text()).to.equal("1");
    });

    test("a wrong password is unauthenticated, for calls and watches, and not tried for ever", async () => {
      const counted = countSignIns();
      await using etcd = scene.client({ auth: passwordAuth({ ...root, password: "wrong" }), fetch: counted.fetch });
      const error = await rejection(etcd.get("a"), "unauthenticated");
      expect(error.reason).to.equal("etcdserver: authentication failed, invalid user ID or password");
      await rejection(take(etcd.watch("a"), 1), "unauthenticated");
      expect(counted.signIns).to.be.within(2, 4);
    });

    test("an expired token is renewed, once for all calls that wait for it, writes too", async () => {
      const counted = countSignIns();
      await using etcd = scene.client({ auth: passwordAuth(root), fetch: counted.fetch });
      await Promise.all(Array.from({ length: 20 }, () => etcd.get("config/a")));
      expect(counted.signIns).to.equal(1);
      await scene.expired(counted.token());
      await Promise.all([etcd.put("config/a", "2"), ...Array.from({ length: 20 }, () => etcd.get("config/a"))]);
      expect(counted.signIns).to.equal(2);
      expect((await etcd.get("config/a"))?.text()).to.equal("2");
    });

    test("a watch goes on with another token when its stream breaks after its token has expired", async () => {
      const counted = countSignIns();
      await using etcd = scene.client({ auth: passwordAuth(reader), fetch: counted.fetch });
      await using writer = scene.client({ auth: passwordAuth(root), endpoints: scene.direct });
      const watch = etcd.watch({ prefix: "config/" });
      const reading = take(watch.batches(), 2);
      await watch.opened;
      const { revision: first } = await writer.put("config/a", "before");
      await scene.expired(counted.token());
      scene.proxy.cut();
      const { revision: second } = await writer.put("config/a", "after");
      expect((await reading).map(({ revision }) => revision)).to.deep.equal([first, second]);
      expect(counted.signIns).to.equal(2);
    });

    test("what the user may not read is permission-denied, for good; what they may is delivered beside it", async () => {
      await using etcd = scene.client({ auth: passwordAuth(reader) });
      await using writer = scene.client({ auth: passwordAuth(root) });
      const allowed = etcd.watch({ prefix: "config/" });
      const reading = take(allowed, 1);
      await rejection(etcd.get("other"), "permission-denied");
      await rejection(take(etcd.watch("other"), 1), "permission-denied");
      await rejection(take(etcd.watch({ prefix: "conf" }, { startRevision: 1n }), 1), "permission-denied");
      await allowed.opened;
      await writer.put("config/b", "");
      expect((await reading)[0]?.kv.keyText()).to.equal("config/b");
      await rejection(etcd.put("config/b", ""), "permission-denied");
    });

    test("a lease outlives its token", async () => {
      const counted = countSignIns();
      await using etcd = scene.client({ auth: passwordAuth(root), fetch: counted.fetch });
      await using lease = await etcd.lease({ ttlSeconds: 60, keepAlive: false });
      await scene.expired(counted.token());
      await until("a sign of life is answered", async () => (await lease.keepAliveOnce().catch(() => 0)) === 60);
      expect(lease.signal.aborted).to.equal(false);
    });

    test("a password that is changed ends the calls of who has the old one, until they have the new one", async () => {
      await using admin = scene.client({ auth: passwordAuth(root) });
      const auth = createClient(Auth, admin.transport);
      const user = { name: "changing", password: "first" };
      await auth.userAdd(user);
      await auth.userGrantRole({ user: user.name, role: "config" });
      await using etcd = scene.client({ auth: passwordAuth(user) });
      await etcd.get("config/a");
      await auth.userChangePassword({ name: user.name, password: "second" });
      await rejection(etcd.get("config/a"), "unauthenticated");
      await rejection(etcd.get("config/a"), "unauthenticated");
      await auth.userChangePassword(user);
      await etcd.get("config/a");
    });

    test("who leaves during a renewal does not end it for the others", async () => {
      let letGo = (): void => {};
      const held = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      const slow: typeof fetch = async (input, init) => {
        if (String(input).endsWith("/Authenticate")) await held;
        return await fetch(input, init);
      };
      await using etcd = scene.client({ auth: passwordAuth(root), fetch: slow });
      const abort = new AbortController();
      const leaves = etcd.get("config/a", { signal: abort.signal });
      const stays = etcd.get("config/a");
      abort.abort();
      await rejection(leaves, "aborted");
      letGo();
      expect(await stays).to.not.equal(undefined);
    });
  });
}

for (const version of ["3.4", "3.5", "3.7"] as const) {
  suite(`etcd ${version} whose users change while clients run`, () => {
    test("a client with a password outlives the authentication's being turned on, off and on again", async () => {
      await using etcd = await startEtcd(version);
      await using envoy = await startEnvoy({ etcd: [etcd.address] });
      await using client = createEtcd({ endpoints: envoy.url, auth: passwordAuth(root) });
      await using other = createEtcd({ endpoints: envoy.url });
      await client.put("config/a", "no users yet");
      await addUsers(createClient(Auth, other.transport));
      await Promise.all([client.put("config/a", "signed in"), client.get("config/a")]);
      await rejection(other.get("config/a"), "unauthenticated");
      await createClient(Auth, client.transport).authDisable({});
      await client.put("config/a", "off");
      await other.get("config/a");
      await createClient(Auth, client.transport).authEnable({});
      await client.put("config/a", "on again");
      await rejection(other.get("config/a"), "unauthenticated");
    });

    test("a token that is older than the last change of users is renewed, once for all", async () => {
      const folder = await temporaryFolder("jwt");
      await using etcd = await startEtcd(version, { args: [await jwtOption(folder.path)] });
      await using envoy = await startEnvoy({ etcd: [etcd.address] });
      await using setUp = createEtcd({ endpoints: envoy.url });
      await addUsers(createClient(Auth, setUp.transport));
      const counted = countSignIns();
      await using client = createEtcd({ endpoints: envoy.url, auth: passwordAuth(root), fetch: counted.fetch });
      await using admin = createEtcd({ endpoints: envoy.url, auth: passwordAuth(root) });
      const watch = client.watch({ prefix: "config/" });
      const reading = take(watch, 1);
      await watch.opened;
      await createClient(Auth, admin.transport).roleAdd({ name: "another" });
      const writes = Array.from({ length: 10 }, (_, i) => client.put(`config/${i}`, ""));
      await Promise.all([...writes, ...Array.from({ length: 10 }, () => client.get("config/a"))]);
      expect(counted.signIns).to.equal(2);
      await reading;
      await folder.remove();
    });
  });
}

interface Scene {
  readonly proxy: FaultProxy;
  /** The way to etcd that no fault touches. */
  readonly direct: string;
  client(options: Partial<EtcdOptions>): Etcd;
  /** Resolves when etcd knows this token no more. */
  expired(token: string): Promise<void>;
  stop(): Promise<void>;
}

async function start(version: EtcdVersion): Promise<Scene> {
  const etcd: EtcdServer = await startEtcd(version, { args: ["--auth-token-ttl=1"] });
  const envoy: EnvoyProxy = await startEnvoy({ etcd: [etcd.address] });
  const proxy = await startFaultProxy(envoy.url);
  await using admin = createEtcd({ endpoints: envoy.url });
  await addUsers(createClient(Auth, admin.transport));
  return {
    proxy,
    direct: envoy.url,
    client: (options) => createEtcd({ endpoints: proxy.url, ...options }),
    async expired(token) {
      // A token's life begins anew each time it is used, so it is looked at ever more rarely.
      for (let waitMs = 1500; ; waitMs += 500) {
        await new Promise((resolve) => setTimeout(resolve, waitMs));
        await using probe = createEtcd({ endpoints: envoy.url, headers: { token } });
        const gone = await probe.get("config/a").then(
          () => false,
          () => true,
        );
        if (gone) return;
      }
    },
    async stop() {
      await proxy[Symbol.asyncDispose]();
      await envoy.stop();
      await etcd.stop();
    },
  };
}

async function addUsers(auth: ReturnType<typeof createClient<typeof Auth>>): Promise<void> {
  for (const user of [root, reader]) await auth.userAdd(user);
  for (const name of ["root", "config"]) await auth.roleAdd({ name });
  const perm = { permType: Permission_Type.READ, key: bytes("config/"), rangeEnd: bytes("config0") };
  await auth.roleGrantPermission({ name: "config", perm });
  await auth.userGrantRole({ user: "root", role: "root" });
  await auth.userGrantRole({ user: "reader", role: "config" });
  await auth.authEnable({});
}

/** A fetch that counts sign-ins and knows the token sent last. */
function countSignIns(): { readonly fetch: typeof fetch; readonly signIns: number; token(): string } {
  let signIns = 0;
  let token = "";
  return {
    fetch: (input, init) => {
      if (String(input).endsWith("/Authenticate")) signIns++;
      token = new Headers(init?.headers).get("token") ?? token;
      return fetch(input, init);
    },
    get signIns() {
      return signIns;
    },
    token: () => token,
  };
}
