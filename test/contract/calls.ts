import { expect } from "chai";
import { rejection } from "./expectations.ts";
import type { Suite } from "./suite.ts";

/** What is true of every call: signals, time-outs, closing. */
export const calls: Suite = {
  "ready() resolves with who answered": async ({ etcd }) => {
    const header = await etcd.ready();
    expect(header.clusterId > 0n && header.memberId > 0n).to.equal(true);
    expect((await etcd.ready({ timeoutMs: 30_000 })).clusterId).to.equal(header.clusterId);
  },

  "a signal aborted before is aborted, and nothing was sent": async ({ etcd, prefix }) => {
    const signal = AbortSignal.abort(new Error("never mind"));
    const error = await rejection(etcd.put(`${prefix}a`, "", { signal }), "aborted");
    expect(error.mayHaveRun).to.equal(false);
    expect(error.cause).to.equal(signal.reason);
    expect(await etcd.get(`${prefix}a`)).to.equal(undefined);
  },

  "a signal aborts a call on its way; a write may have run": async ({ etcd, prefix }) => {
    const abort = new AbortController();
    await etcd.ready(); // else a write is not sent before the endpoint has answered
    const writing = etcd.put(`${prefix}a`, "", { signal: abort.signal });
    const reading = etcd.get(`${prefix}a`, { signal: abort.signal });
    abort.abort();
    expect((await rejection(writing, "aborted")).mayHaveRun).to.equal(true);
    expect((await rejection(reading, "aborted")).mayHaveRun).to.equal(false);
  },

  "AbortSignal.timeout() is a timeout": async ({ etcd, prefix }) => {
    const signal = AbortSignal.timeout(1);
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    await rejection(etcd.get(`${prefix}a`, { signal }), "timeout");
  },

  "timeoutMs that cannot be is invalid-argument": async ({ etcd, client, prefix }) => {
    for (const timeoutMs of [0, -1, Number.NaN, 1e8]) {
      await rejection(etcd.get(`${prefix}a`, { timeoutMs }), "invalid-argument");
      expect(() => client({ timeoutMs })).to.throw("timeoutMs");
    }
    await etcd.get(`${prefix}a`, { timeoutMs: Number.POSITIVE_INFINITY });
  },

  "a closed client's calls are closed, those on their way too": async ({ client, prefix }) => {
    const etcd = client();
    const pending = etcd.get(`${prefix}a`);
    await etcd.close();
    await rejection(pending, "closed");
    await rejection(etcd.get(`${prefix}a`), "closed");
    await rejection(etcd.put(`${prefix}a`, ""), "closed");
    await rejection(etcd.lease({ ttlSeconds: 60 }), "closed");
    await rejection(etcd.ready(), "closed");
    expect(etcd.connection.state).to.deep.equal({ state: "closed" });
    await etcd.close();
  },
};
