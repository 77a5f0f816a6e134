import "./etcd-web-sources.ts";
import { describe, it } from "node:test";
import { expect } from "chai";
import { KeyValue, type WatchEvent } from "../../../src/index.ts";
import { eventually } from "../../fixtures/eventually.ts";

const { HistoryLog } = await import("../../../playground/src/panels/history/history-log.ts");

describe("a long history", () => {
  it("keeps the latest, and holds nothing of what it has let go but the value before each key's oldest", async () => {
    const log = new HistoryLog();
    log.begin([], 1n);
    log.live();
    for (let revision = 2n; revision <= 60_000n; revision++) log.add({ revision, events: [put("beat", revision)] });
    log.add({ revision: 60_001n, events: [remove("beat", 60_001n)] });
    const entries = await eventually("it is cut", async () =>
      log.getState().isCut ? log.getState().entries : undefined,
    );
    expect(entries.length).to.equal(20_000);
    expect(entries.at(-1)?.kind).to.equal("delete");
    const [oldest] = entries;
    expect(oldest?.before?.revision).to.equal((oldest?.revision ?? 0n) - 1n);
    expect(oldest?.before?.before).to.equal(undefined);
  });
});

function put(key: string, modRevision: bigint): WatchEvent {
  const bytes = new TextEncoder().encode(key);
  const kv = { key: bytes, value: bytes, createRevision: 2n, modRevision, version: modRevision - 1n, lease: 0n };
  return { type: "put", kv: KeyValue.from(kv), prevKv: undefined, isCreate: modRevision === 2n };
}

function remove(key: string, modRevision: bigint): WatchEvent {
  const kv = { key: new TextEncoder().encode(key), modRevision, keyText: () => key };
  return { type: "delete", kv, prevKv: undefined };
}
