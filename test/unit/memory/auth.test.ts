import { describe, test } from "node:test";
import { type Client, createClient } from "@connectrpc/connect";
import { expect } from "chai";
import { Auth } from "../../../src/gen/etcdserverpb/auth_pb.ts";
import { KV } from "../../../src/gen/etcdserverpb/kv_pb.ts";
import { createMemoryEtcd, type MemoryEtcd } from "../../../src/memory/index.ts";
import { bytes, ManualClock, refusal, startMemory } from "./fixture.ts";

// What each call asks of whom is compared with a real etcd's answers in test/run/differential: here is what needs a clock.

const root = { name: "root", password: "secret" };
const invalidToken = ["Unauthenticated", "etcdserver: invalid auth token"];
const lifetimeMs = 300_000;

async function enable(auth: Client<typeof Auth>): Promise<void> {
  await auth.userAdd(root);
  await auth.userGrantRole({ user: "root", role: "root" });
  await auth.authEnable({});
}

async function signIn(auth: Client<typeof Auth>, user = root) {
  return { headers: { token: (await auth.authenticate(user)).token } };
}

describe("a token", () => {
  test("lives for five minutes after its last use", async () => {
    const { clock, transport } = startMemory();
    const auth = createClient(Auth, transport);
    await enable(auth);
    const by = await signIn(auth);
    for (let use = 0; use < 3; use++) {
      clock.advance(lifetimeMs);
      await auth.userList({}, by);
    }
    clock.advance(lifetimeMs + 1);
    expect(await refusal(auth.userList({}, by))).to.deep.equal(invalidToken);
  });

  test("goes with its user, its password, and authentication itself", async () => {
    const { transport } = startMemory();
    const auth = createClient(Auth, transport);
    await enable(auth);
    const ends = [
      (by: { headers: HeadersInit }) => auth.userDelete({ name: "a" }, by),
      (by: { headers: HeadersInit }) => auth.userChangePassword({ name: "a", password: "2" }, by),
      async (by: { headers: HeadersInit }) => {
        await auth.authDisable({}, by);
        await auth.authEnable({});
      },
    ];
    for (const end of ends) {
      const by = await signIn(auth);
      await auth.userAdd({ name: "a", password: "1" }, by).catch(() => {});
      const user = await signIn(auth, { name: "a", password: "1" });
      await auth.userGet({ name: "a" }, user);
      await end(by);
      expect(await refusal(auth.userGet({ name: "a" }, user))).to.deep.equal(invalidToken);
      await auth.userDelete({ name: "a" }, await signIn(auth)).catch(() => {});
    }
  });

  test("is not kept once it has expired", async () => {
    const { clock, transport, server } = startMemory();
    const auth = createClient(Auth, transport);
    await enable(auth);
    for (let count = 0; count < 10; count++) await signIn(auth);
    expect(server.core.access.tokens.size).to.equal(10);
    clock.advance(lifetimeMs + 1);
    await signIn(auth);
    expect(server.core.access.tokens.size).to.equal(1);
  });
});

test("a password changed while it is checked is checked again", async () => {
  const { transport } = startMemory();
  const auth = createClient(Auth, transport);
  await enable(auth);
  const by = await signIn(auth);
  await auth.userAdd({ name: "a", password: "old" }, by);
  const [signedIn] = await Promise.allSettled([
    auth.authenticate({ name: "a", password: "old" }),
    auth.userChangePassword({ name: "a", password: "new" }, by),
  ]);
  // Whichever came first, no token outlives the password it was given for.
  if (signedIn.status === "fulfilled") {
    const { token } = signedIn.value;
    expect(await refusal(auth.userGet({ name: "a" }, { headers: { token } }))).to.deep.equal(invalidToken);
  }
  await auth.authenticate({ name: "a", password: "new" });
});

describe("a saved state", () => {
  const saved = async (): Promise<Uint8Array> => {
    const memory = createMemoryEtcd({ clock: new ManualClock() });
    const auth = createClient(Auth, memory.transport);
    await auth.userAdd({ name: "reader", password: "public" });
    await auth.userAdd({ name: "nobody", options: { noPassword: true } });
    await auth.roleAdd({ name: "reads" });
    const perm = { key: bytes("a"), rangeEnd: bytes("b"), permType: 0 } as const;
    await auth.roleGrantPermission({ name: "reads", perm });
    await auth.userGrantRole({ user: "reader", role: "reads" });
    await enable(auth);
    return memory.save();
  };
  const open = (state: Uint8Array): MemoryEtcd => createMemoryEtcd({ state, clock: new ManualClock() });

  test("keeps users, roles, passwords and that they matter", async () => {
    const state = await saved();
    const { transport } = open(state);
    const auth = createClient(Auth, transport);
    const kv = createClient(KV, transport);
    const by = await signIn(auth, { name: "reader", password: "public" });
    await kv.range({ key: bytes("a1") }, by);
    expect(await refusal(kv.put({ key: bytes("a1") }, by))).to.deep.equal([
      "PermissionDenied",
      "etcdserver: permission denied",
    ]);
    expect((await refusal(auth.authenticate({ name: "reader", password: "wrong" })))[0]).to.equal("InvalidArgument");
    expect((await refusal(auth.authenticate({ name: "nobody" })))[0]).to.equal("Unknown");
    expect((await auth.userList({}, await signIn(auth))).users).to.deep.equal(["nobody", "reader", "root"]);
    const status = (etcd: MemoryEtcd) => createClient(Auth, etcd.transport).authStatus({});
    expect(await status(open(open(state).save()))).to.deep.equal(await status(open(state)));
  });

  test("holds no password in the clear, and no two alike", async () => {
    const text = Buffer.from(await saved()).toString("latin1");
    expect(text).to.include("reader");
    expect(text).to.not.include("public");
    expect(text).to.not.include("secret");
    expect(await saved()).to.not.deep.equal(await saved());
  });

  test("knows no token", async () => {
    const memory = createMemoryEtcd({ clock: new ManualClock() });
    const auth = createClient(Auth, memory.transport);
    await enable(auth);
    const by = await signIn(auth);
    expect(await refusal(createClient(Auth, open(memory.save()).transport).userList({}, by))).to.deep.equal(
      invalidToken,
    );
  });
});
