import { toKeyRange } from "../../../src/base/range.ts";
import { decodeBase64, encodeBase64 } from "../base64.ts";
import { type Contender, openEach, type Place, type Target, untilStopped } from "./contender.ts";

/** A line of the gateway's answer, as far as it is read. */
interface Line {
  readonly result: {
    readonly header: { readonly revision: string };
    readonly created?: boolean;
    readonly events?: readonly { readonly kv: { readonly key: string; readonly value?: string } }[];
  };
}

/**
 * etcd's own JSON gateway, by fetch; a call for each watch, since it loses watches that share one. When
 * a connection is lost and the watch is to be reopened: at once, from where it was.
 */
export function createJsonGateway({ etcd }: Pick<Place, "etcd">, reopen = false): Contender {
  const stop = new AbortController();
  let creates = 0;
  async function openOne(target: Target, listen: (events: number) => void): Promise<() => void> {
    let { startRevision } = target;
    const ended = new AbortController();
    const signal = AbortSignal.any([stop.signal, ended.signal]);
    const { promise: opened, resolve, reject } = Promise.withResolvers<void>();
    const read = async (): Promise<void> => {
      creates++;
      const body = toBody({ ...target, startRevision });
      const response = await fetch(`${etcd}/v3/watch`, { method: "POST", body, signal });
      if (response.body === null) throw new Error("The gateway gave no body");
      for await (const line of lines(response.body)) {
        const { header, created, events } = (JSON.parse(line) as Line).result;
        if (created) resolve();
        if (reopen) startRevision = Number(header.revision) + 1;
        if (events === undefined) continue;
        for (const { kv } of events) decode(kv.key, kv.value);
        listen(events.length);
      }
    };
    if (reopen) void untilStopped(signal, read);
    else read().catch(reject);
    await opened;
    return () => ended.abort();
  }
  return {
    open: (targets, listen) => openEach(targets, listen, openOne),
    close: async () => stop.abort(),
    creates: () => creates,
  };
}

function decode(key: string, value = ""): readonly [Uint8Array, Uint8Array] {
  return [decodeBase64(key), decodeBase64(value)];
}

function toBody({ key, prefix, startRevision }: Target): string {
  const range = toKeyRange(prefix ? { prefix: key } : key);
  return JSON.stringify({
    create_request: {
      key: encodeBase64(range.key),
      range_end: encodeBase64(range.rangeEnd),
      start_revision: startRevision,
      progress_notify: true,
    },
  });
}

/** Looks at each character once: a line may be megabytes long and come in a hundred parts. */
async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const text = new TextDecoder();
  let parts: string[] = [];
  const reader = body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const [first = "", ...rest] = text.decode(next.value, { stream: true }).split("\n");
    parts.push(first);
    for (const next of rest) {
      yield parts.join("");
      parts = [next];
    }
  }
}
