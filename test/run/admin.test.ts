import { after, before, suite, test } from "node:test";
import { expect } from "chai";
import { createAuth, createMaintenance } from "../../src/admin/index.ts";
import { batching, createEtcd, type Etcd, type EtcdOptions, passwordAuth } from "../../src/index.ts";
import { rejection, until } from "../contract/expectations.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { type EtcdServer, startEtcd } from "../fixtures/etcd.ts";
import { startRestoredEtcd } from "../fixtures/restored-etcd.ts";
import type { EtcdVersion } from "../fixtures/versions.ts";

const mebibyte = 1024 * 1024;

for (const version of ["3.4", "3.5", "3.6", "3.7"] as const) {
  suite(`etcd ${version}: users and roles`, () => {
    const scene = startedScene(version);
    const root = { name: "root", password: "secret" };

    test("roles and their permissions are kept as they were given", async () => {
      const { roles } = createAuth(scene.etcd);
      await roles.add("kept");
      const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
      await roles.grantPermission("kept", { prefix: "b/" }, "write");
      await roles.grantPermission("kept", { from: "x", to: "z" }, "read");
      await roles.grantPermission("kept", "a", "read");
      await roles.grantPermission("kept", "a", "readwrite");
      const { permissions } = await roles.get("kept");
      expect(permissions.map((permission) => ({ ...permission }))).to.deep.equal([
        { access: "readwrite", range: { key: bytes("a") } },
        { access: "write", range: { prefix: bytes("b/") } },
        { access: "read", range: { from: bytes("x"), to: bytes("z") } },
      ]);
      for (const { range } of permissions) await roles.revokePermission("kept", range);
      expect((await roles.get("kept")).permissions).to.deep.equal([]);
      expect(JSON.parse(JSON.stringify(permissions[1]))).to.deep.equal({ access: "write", range: { prefix: "b/" } });
      await roles.delete("kept");
      expect(await roles.list()).to.not.include("kept");
    });

    test("what is missing, and what is there already, is said in etcd's words", async () => {
      const { users, roles, enable } = createAuth(scene.etcd);
      await users.add("twice", { password: "1" });
      await roles.add("twice");
      const missing = "failed-precondition";
      for (const [call, reason] of [
        [() => enable(), "root user does not exist"],
        [() => users.get("nobody"), "user name not found"],
        [() => users.grantRole("twice", "nothing"), "role name not found"],
        [() => users.revokeRole("twice", "twice"), "role is not granted to the user"],
        [() => roles.get("nothing"), "role name not found"],
        [() => roles.revokePermission("twice", "a"), "permission is not granted to the role"],
      ] as const) {
        const error = await rejection(call(), missing);
        expect([error.reason, error.mayHaveRun]).to.deep.equal([`etcdserver: ${reason}`, false]);
      }
      for (const add of [() => users.add("twice", { password: "2" }), () => roles.add("twice")]) {
        expect((await rejection(add(), "already-exists")).reason).to.match(
          /^etcdserver: (user|role) name already exists$/,
        );
      }
      await users.delete("twice");
      await roles.delete("twice");
    });

    test("once enabled, everybody may do what their roles allow, and their tokens end with their passwords", async () => {
      const auth = createAuth(scene.etcd);
      for (const name of ["root", "reader", "writer"]) await auth.users.add(name, { password: root.password });
      await auth.users.add("certificate");
      for (const name of ["root", "read", "write"]) await auth.roles.add(name);
      await auth.roles.grantPermission("read", { prefix: "config/" }, "read");
      await auth.roles.grantPermission("write", { all: true }, "write");
      for (const [user, role] of [
        ["root", "root"],
        ["reader", "read"],
        ["writer", "read"],
        ["writer", "write"],
      ] as const) {
        await auth.users.grantRole(user, role);
      }
      expect([await auth.users.list(), await auth.roles.list()]).to.deep.equal([
        ["certificate", "reader", "root", "writer"],
        ["read", "root", "write"],
      ]);
      expect((await auth.users.get("writer")).roles).to.deep.equal(["read", "write"]);
      await scene.etcd.put("config/a", "1");
      await auth.enable();

      const signedIn = (name: string, options: Partial<EtcdOptions> = {}): Etcd =>
        scene.client({ auth: passwordAuth({ ...root, name }), ...options });
      await using stranger = scene.client();
      await using admin = signedIn("root");
      await using reader = signedIn("reader");
      await using writer = signedIn("writer");
      await rejection(createAuth(stranger).users.list(), "unauthenticated");
      await rejection(createAuth(reader).users.list(), "permission-denied");
      await rejection(reader.put("config/a", "2"), "permission-denied");
      await writer.put("other", "2");
      await rejection(writer.get("other"), "permission-denied");
      expect((await createAuth(reader).users.get("reader")).roles).to.deep.equal(["read"]);

      // Of reads at once, what is not allowed takes nothing from what is.
      await using batched = signedIn("reader", { plugins: [batching()] });
      const [allowed, denied, counted] = await Promise.allSettled([
        batched.get("config/a"),
        batched.get("other"),
        batched.count({ prefix: "config/" }),
      ]);
      expect(allowed.status === "fulfilled" && allowed.value?.text()).to.equal("1");
      expect(counted.status === "fulfilled" && counted.value).to.equal(1);
      const single = await rejection(reader.get("other"), "permission-denied");
      const together = await rejection(
        Promise.reject(denied.status === "rejected" && denied.reason),
        "permission-denied",
      );
      expect(together.message).to.equal(single.message);

      const { users, roles, status, disable } = createAuth(admin);
      if (version === "3.4") await rejection(status(), "unimplemented");
      else {
        const { enabled, authRevision } = await status();
        await roles.add("later");
        expect([enabled, (await status()).authRevision > authRevision]).to.deep.equal([true, true]);
      }
      await users.revokeRole("writer", "write");
      await rejection(writer.put("other", "3"), "permission-denied");
      await users.changePassword("reader", "changed");
      await rejection(reader.get("config/a"), "unauthenticated");
      await users.delete("writer");
      await rejection(writer.get("config/a"), "unauthenticated");
      await disable();
      await stranger.put("other", "4");
      if (version !== "3.4") expect((await createAuth(stranger).status()).enabled).to.equal(false);
    });
  });

  suite(`etcd ${version}: maintenance`, () => {
    const scene = startedScene(version, [`--quota-backend-bytes=${16 * mebibyte}`]);

    test("status() says how the member is doing", async () => {
      const maintenance = createMaintenance(scene.etcd);
      let status = await maintenance.status({ endpoint: scene.url });
      // A server that has just begun brings its storage up to date a while later.
      await until("the storage is up to date", async () => {
        status = await maintenance.status({ endpoint: scene.url });
        return status.storageVersion === undefined || status.storageVersion === `${version}.0`;
      });
      const { header, leader, isLearner, raftIndex, raftAppliedIndex, dbSize, dbSizeInUse, errors } = status;
      expect(status.version).to.match(new RegExp(`^${version}\\.`));
      expect([leader, isLearner, errors]).to.deep.equal([header.memberId, false, []]);
      expect(raftIndex >= raftAppliedIndex && raftAppliedIndex > 0n).to.equal(true);
      expect(dbSize >= dbSizeInUse && dbSizeInUse > 0).to.equal(true);
      const { storageVersion, dbSizeQuota, downgrade } = status;
      const since36 = version === "3.6" || version === "3.7";
      expect(storageVersion).to.equal(since36 ? `${version}.0` : undefined);
      expect(dbSizeQuota).to.equal(since36 ? 16 * mebibyte : undefined);
      expect(downgrade).to.deep.equal(since36 ? { enabled: false, targetVersion: "" } : undefined);
    });

    test("hashKv() tells states apart, and names what it covers; hash() covers the disk", async () => {
      const maintenance = createMaintenance(scene.etcd);
      const { revision: first } = await scene.etcd.put("hashed", "1");
      const before = await maintenance.hashKv();
      const { revision: second } = await scene.etcd.put("hashed", "2");
      const now = await maintenance.hashKv();
      expect(now.hash).to.not.equal(before.hash);
      expect((await maintenance.hashKv({ revision: first })).hash).to.equal(before.hash);
      expect((await maintenance.hashKv({ revision: second })).hash).to.equal(now.hash);
      expect([now.compactRevision, now.header.revision]).to.deep.equal([-1n, second]);
      expect(now.hashRevision).to.equal(version === "3.6" || version === "3.7" ? second : undefined);
      await rejection(maintenance.hashKv({ revision: second + 1n }), "future-revision");
      await scene.etcd.compact(second, { physical: true });
      expect((await maintenance.hashKv()).compactRevision).to.equal(second);
      await rejection(maintenance.hashKv({ revision: first }), "compacted");
      expect((await maintenance.hash()).hash).to.be.above(0);
    });

    test("downgrades are checked, enabled and cancelled", async () => {
      const { downgrade } = createMaintenance(scene.etcd);
      if (version === "3.4") {
        await rejection(downgrade.validate("3.3"), "unimplemented");
        return;
      }
      const before = { "3.5": "3.4", "3.6": "3.5", "3.7": "3.6" }[version];
      await rejection(downgrade.validate("three"), "invalid-argument");
      await rejection(downgrade.enable("1.0"), "invalid-argument");
      const named = new RegExp(`^${version}(\\.0)?$`);
      expect((await downgrade.validate(before)).version).to.match(named);
      if (version === "3.5") {
        // Later ones take it for done. An enabled one is not tried: 3.5 cannot end it (etcdctl offers it from 3.6 on).
        const none = await rejection(downgrade.cancel(), "failed-precondition");
        expect(none.reason).to.equal("etcdserver: no inflight downgrade job");
        return;
      }
      expect((await downgrade.enable(before)).version).to.match(named);
      const again = await rejection(downgrade.enable(before), "failed-precondition");
      expect(again.reason).to.equal("etcdserver: cluster has a downgrade job in progress");
      expect((await downgrade.cancel()).version).to.match(named);
    });

    test("the leader moves to members only", async () => {
      const error = await rejection(createMaintenance(scene.etcd).moveLeader(1n), "failed-precondition");
      expect(error.reason).to.equal("etcdserver: bad leader transferee");
    });

    test("a snapshot, restored by etcdutl, is the same etcd", async () => {
      const keys = Array.from({ length: 40 }, (_, i) => `restored/${i}`);
      for (const key of keys) await scene.etcd.put(key, key.repeat(5_000));
      let total = 0;
      const onProgress = (progress: { readonly total: number }): void => {
        total = progress.total;
      };
      const stream = createMaintenance(scene.etcd).snapshot({ endpoint: scene.url, onProgress });
      const { revision } = await scene.etcd.put("after", "the snapshot began");
      const snapshot = new Uint8Array(await new Response(stream).arrayBuffer());
      expect([snapshot.length, snapshot.length % 512]).to.deep.equal([total, 32]);
      await using restored = await startRestoredEtcd(version, snapshot);
      await using envoy = await startEnvoy({ etcd: [restored.address] });
      await using etcd = createEtcd({ endpoints: envoy.url });
      const original = await scene.etcd.range({ prefix: "restored/" });
      const copy = await etcd.range({ prefix: "restored/" });
      expect(copy.kvs.map((kv) => JSON.stringify(kv))).to.deep.equal(original.kvs.map((kv) => JSON.stringify(kv)));
      expect(copy.kvs.length).to.equal(keys.length);
      expect(copy.revision <= revision).to.equal(true);
    });

    test("a full disk raises an alarm; compacted, defragmented and disarmed, etcd takes writes again", async () => {
      const maintenance = createMaintenance(scene.etcd);
      expect(await maintenance.alarms()).to.deep.equal([]);
      const fill = async (): Promise<void> => {
        for (let i = 0; i < 64; i++) await scene.etcd.put("large", "x".repeat(mebibyte));
      };
      await rejection(fill(), "no-space");
      const { header, errors, dbSize } = await maintenance.status();
      const raised = (await maintenance.alarms()).map((alarm) => ({ ...alarm }));
      expect(raised).to.deep.equal([{ memberId: header.memberId, type: "no-space" }]);
      expect(errors.join()).to.match(/NOSPACE/);
      await scene.etcd.delete("large");
      const { revision } = await scene.etcd.range("large");
      await scene.etcd.compact(revision, { physical: true });
      await maintenance.defragment({ endpoint: scene.url });
      expect((await maintenance.status()).dbSize).to.be.below(dbSize / 2);
      expect(await maintenance.disarm({ type: "corrupt" })).to.deep.equal([]);
      expect((await maintenance.disarm()).length).to.equal(1);
      expect(await maintenance.alarms()).to.deep.equal([]);
      await scene.etcd.put("large", "x".repeat(mebibyte));
    });
  });
}

interface Scene {
  readonly url: string;
  readonly etcd: Etcd;
  client(options?: Partial<EtcdOptions>): Etcd;
}

/** An etcd of the suite's own behind Envoy; there when its tests run. */
function startedScene(version: EtcdVersion, args: readonly string[] = []): Scene {
  let server: EtcdServer;
  let envoy: EnvoyProxy;
  let etcd: Etcd;
  const client = (options: Partial<EtcdOptions> = {}): Etcd => createEtcd({ endpoints: envoy.url, ...options });
  before(async () => {
    server = await startEtcd(version, { args });
    envoy = await startEnvoy({ etcd: [server.address] });
    etcd = client();
  });
  after(async () => {
    await etcd?.close();
    await envoy?.stop();
    await server?.stop();
  });
  return {
    client,
    get url() {
      return envoy.url;
    },
    get etcd() {
      return etcd;
    },
  };
}
