import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "chai";
import { toEtcdError } from "../../../src/transport/to-etcd-error.ts";
import { etcdErrors } from "../../fixtures/etcd-errors.ts";

test("etcd has 63 errors", () => {
  expect(new Set(etcdErrors.map(({ words }) => words)).size).to.equal(63);
});

for (const { name, status, words, code, mayHaveRun } of etcdErrors) {
  test(`${name} is ${code}, by its status, by its words alone, and within the words of others`, () => {
    for (const error of [
      new ConnectError(words, Code[status]),
      new ConnectError(words, Code.Unknown),
      new ConnectError(`rpc error: code = ${status} desc = ${words}`, Code.Unknown),
      new ConnectError(words.replace("etcdserver: ", ""), Code.Unknown),
    ]) {
      const write = toEtcdError(error, { what: "KV.Put", write: true });
      const { reason, cause, message } = write;
      expect([write.code, write.mayHaveRun]).to.deep.equal([code, mayHaveRun]);
      expect([reason, cause]).to.deep.equal([error.rawMessage, error]);
      expect(message).to.match(/^KV\.Put: /);
      expect(toEtcdError(error, { what: "KV.Range", write: false }).mayHaveRun).to.equal(false);
    }
  });
}

const others: readonly (readonly [words: string, code: string, mayHaveRun: boolean])[] = [
  ["not a primary lessor", "unavailable", true],
  ["raft proposal dropped", "unavailable", false],
  ["auth: authentication failed, password was given for no password user", "unauthenticated", false],
  ["grpc: received message larger than max (2621472 vs. 2097152)", "too-large", false],
  ["message size 9000000 is larger than configured readMaxBytes 4194304", "too-large", true],
  ["trying to send message larger than max (2621472 vs. 2097152)", "too-large", false],
  ["no healthy upstream", "unavailable", false],
  [
    "the gateway does not reach etcd at 127.0.0.1:1 (connect ECONNREFUSED 127.0.0.1:1): is it running",
    "unavailable",
    false,
  ],
  ["etcdserver: something nobody knows", "unknown", true],
];

for (const [words, code, mayHaveRun] of others) {
  test(`"${words}" is ${code}`, () => {
    const error = toEtcdError(new ConnectError(words, Code.Unknown), { what: "KV.Put", write: true });
    expect([error.code, error.mayHaveRun]).to.deep.equal([code, mayHaveRun]);
  });
}
