import { test } from "node:test";
import { Code, ConnectError, createRouterTransport, type Transport } from "@connectrpc/connect";
import { expect } from "chai";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import { type Etcd, type EtcdOptions, passwordAuth, type TokenSource } from "../../../src/index.ts";
import { Auth, KV } from "../../../src/proto.ts";
import { isStaleToken } from "../../../src/transport/token-source.ts";
import { rejection } from "../../contract/expectations.ts";
import { createFakePlatform, settle } from "../support/fake-platform.ts";

const refusal = (words: string): ConnectError => new ConnectError(words, Code.Unauthenticated);

/** An etcd that asks for its newest token, of which the test plays the rest. */
function scene(auth: EtcdOptions["auth"] = passwordAuth({ name: "root", password: "right" })): {
  readonly etcd: Etcd;
  readonly server: { signIns: number; password: string; token: string; refusal: string; hold: Promise<void> };
  readonly tokens: readonly string[];
} {
  const server = {
    signIns: 0,
    password: "right",
    token: "token 0",
    refusal: "etcdserver: invalid auth token",
    hold: Promise.resolve(),
  };
  const tokens: string[] = [];
  const check = (headers: Headers): void => {
    tokens.push(headers.get("token") ?? "");
    if (headers.get("token") !== server.token) throw refusal(server.refusal);
  };
  const transport = createRouterTransport(({ rpc }) => {
    rpc(KV.method.range, (_, { requestHeader }) => {
      check(requestHeader);
      return {};
    });
    rpc(KV.method.put, (_, { requestHeader }) => {
      check(requestHeader);
      return {};
    });
    rpc(Auth.method.authenticate, async ({ password }) => {
      server.signIns++;
      await server.hold;
      if (password !== server.password) {
        throw new ConnectError("etcdserver: authentication failed, invalid user ID or password", Code.InvalidArgument);
      }
      server.token = `token ${server.signIns}`;
      return { token: server.token };
    });
  });
  return { etcd: createEtcdOn(createFakePlatform(), { transport, auth }), server, tokens };
}

test("etcd's words for a token that another one can replace, in every form it has", () => {
  for (const words of [
    "etcdserver: invalid auth token",
    "etcdserver: revision of auth store is old",
    "etcdserver: user name is empty",
    "auth: revision in header is old",
    "rpc error: code = Unauthenticated desc = etcdserver: invalid auth token",
    "rpc error: code = InvalidArgument desc = etcdserver: revision of auth store is old",
  ]) {
    expect(isStaleToken(words), words).to.equal(true);
  }
  for (const words of [
    "etcdserver: permission denied",
    "etcdserver: authentication failed, invalid user ID or password",
    "etcdserver: user name already exists",
    "invalid auth token, or so",
  ]) {
    expect(isStaleToken(words), words).to.equal(false);
  }
});

for (const words of ["invalid auth token", "revision of auth store is old", "user name is empty"]) {
  test(`"${words}" is one sign-in for all that are refused, writes too`, async () => {
    const { etcd, server } = scene();
    server.refusal = `etcdserver: ${words}`;
    await Promise.all(Array.from({ length: 10 }, () => etcd.get("a")));
    expect(server.signIns).to.equal(1);
    server.token = "another's";
    await Promise.all(Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? etcd.get("a") : etcd.put("a", ""))));
    expect(server.signIns).to.equal(2);
  });
}

test("a call that is refused twice fails, and is not signed in for a third time", async () => {
  const source: TokenSource = { token: async () => "never right", renew: async () => "nor this" };
  const { etcd, tokens } = scene(source);
  const error = await rejection(etcd.get("a"), "unauthenticated");
  expect(error.reason).to.equal("etcdserver: invalid auth token");
  expect(tokens).to.deep.equal(["never right", "nor this"]);
});

test("a wrong password is unauthenticated for all that wait; the next call tries again", async () => {
  const { etcd, server } = scene();
  server.password = "changed";
  const calls = Array.from({ length: 5 }, () => rejection(etcd.get("a"), "unauthenticated"));
  for (const { mayHaveRun, reason } of await Promise.all(calls)) {
    expect([mayHaveRun, reason]).to.deep.equal([
      false,
      "etcdserver: authentication failed, invalid user ID or password",
    ]);
  }
  expect(server.signIns).to.equal(1);
  server.password = "right";
  await etcd.get("a");
  expect(server.signIns).to.equal(2);
});

test("who leaves during a renewal does not end it for the others", async () => {
  const { etcd, server } = scene();
  await etcd.get("a");
  let letGo = (): void => {};
  server.hold = new Promise((resolve) => {
    letGo = resolve;
  });
  server.token = "another's";
  const abort = new AbortController();
  const a = rejection(etcd.get("a", { signal: abort.signal }), "aborted");
  const b = etcd.get("a");
  await settle();
  abort.abort();
  await a;
  letGo();
  await b;
  expect(server.signIns).to.equal(2);
});

test("a cache is asked before each call: a token that another client has renewed is taken from there", async () => {
  let kept: string | undefined;
  const cache = {
    get: () => kept,
    set(token: string) {
      kept = token;
    },
  };
  const { etcd, server, tokens } = scene(passwordAuth({ name: "root", password: "right", cache }));
  await etcd.get("a");
  expect(kept).to.equal("token 1");
  kept = server.token = "another client's";
  await etcd.get("a");
  expect(tokens.at(-1)).to.equal("another client's");
  kept = "stale";
  await etcd.get("a");
  expect([kept, server.signIns]).to.deep.equal(["token 2", 2]);
});

test("what a token source throws is the cause of an unauthenticated call, which is not repeated", async () => {
  const cause = new Error("nobody is signed in");
  let asked = 0;
  const fail = async (): Promise<string> => {
    asked++;
    throw cause;
  };
  const { etcd } = scene({ token: fail, renew: fail });
  const error = await rejection(etcd.put("a", ""), "unauthenticated");
  expect(error.cause).to.equal(cause);
  expect(error.message).to.include("nobody is signed in");
  expect(asked).to.equal(1);
});

test("close() ends a sign-in", async () => {
  const left: string[] = [];
  const unary: Transport["unary"] = (method, signal) =>
    new Promise((_, reject) => {
      signal?.addEventListener("abort", () => {
        left.push(method.name);
        reject(signal.reason);
      });
    });
  const transport = { ...createRouterTransport(() => {}), unary };
  const etcd = createEtcdOn(createFakePlatform(), { transport, auth: passwordAuth({ name: "root", password: "" }) });
  const reading = rejection(etcd.get("a"), "closed");
  await settle();
  await etcd.close();
  await reading;
  expect(left).to.deep.equal(["Authenticate"]);
});
