import { Buffer } from "node:buffer";
import { toKeyRange } from "../../../src/base/range.ts";
import { type Contender, type Listen, openEach, type Place, type Target } from "./contender.ts";

/** A line of the gateway's answer, as far as it is read. */
interface Line {
  readonly result: {
    readonly created?: boolean;
    readonly events?: readonly { readonly kv: { readonly key: string; readonly value?: string } }[];
  };
}

/** etcd's own JSON gateway, by fetch, without a proxy; a call for each watch, since it loses watches that share one. */
export function createJsonGateway({ etcd }: Place): Contender {
  const stop = new AbortController();
  let creates = 0;
  async function openOne(target: Target, listen: Listen): Promise<() => void> {
    creates++;
    const ended = new AbortController();
    const signal = AbortSignal.any([stop.signal, ended.signal]);
    const { promise: opened, resolve, reject } = Promise.withResolvers<void>();
    const read = async (): Promise<void> => {
      const response = await fetch(`${etcd}/v3/watch`, { method: "POST", body: toBody(target), signal });
      if (response.body === null) throw new Error("The gateway gave no body");
      for await (const line of lines(response.body)) {
        const { created, events } = (JSON.parse(line) as Line).result;
        if (created) resolve();
        if (events === undefined) continue;
        for (const { kv } of events) decode(kv.key, kv.value);
        listen(events.length);
      }
    };
    read().catch(reject);
    await opened;
    return () => ended.abort();
  }
  return {
    open: (targets, listen) => openEach(targets, (target) => openOne(target, listen)),
    close: async () => stop.abort(),
    creates: () => creates,
  };
}

function decode(key: string, value = ""): readonly [Uint8Array, Uint8Array] {
  return [Buffer.from(key, "base64"), Buffer.from(value, "base64")];
}

function toBody({ key, prefix, startRevision }: Target): string {
  const range = toKeyRange(prefix ? { prefix: key } : key);
  return JSON.stringify({
    create_request: {
      key: Buffer.from(range.key).toString("base64"),
      range_end: Buffer.from(range.rangeEnd).toString("base64"),
      start_revision: startRevision,
      progress_notify: true,
    },
  });
}

/** Looks at each character once: a line may be megabytes long and come in a hundred parts. */
async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const text = new TextDecoder();
  let parts: string[] = [];
  for await (const chunk of body) {
    const [first = "", ...rest] = text.decode(chunk, { stream: true }).split("\n");
    parts.push(first);
    for (const next of rest) {
      yield parts.join("");
      parts = [next];
    }
  }
}
