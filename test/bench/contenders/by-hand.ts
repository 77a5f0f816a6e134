import { toKeyRange } from "../../../src/base/range.ts";
import { bytesField, bytesOf, field, fields, frame, frames, join, numberField } from "../proto-by-hand.ts";
import type { Contender, Listen, Place, Target } from "./contender.ts";
import { countCreates } from "./count-creates.ts";

/** gRPC-Web written out, no library: all watches in one body, and of the events their keys and values. */
export function createByHand({ envoy }: Place): Contender {
  const { fetch, count } = countCreates();
  const stop = new AbortController();
  async function open(targets: readonly Target[], listen: Listen): Promise<() => void> {
    const ended = new AbortController();
    const { promise: opened, resolve, reject } = Promise.withResolvers<void>();
    let missing = targets.length;
    const read = async (): Promise<void> => {
      const response = await fetch(`${envoy}/etcdserverpb.Watch/Watch`, {
        method: "POST",
        headers: { "content-type": "application/grpc-web+proto", "x-grpc-web": "1" },
        body: join(targets.map((target, i) => frame(createRequest(target, i + 1)))),
        signal: AbortSignal.any([stop.signal, ended.signal]),
      });
      if (response.body === null) throw new Error("The answer has no body");
      for await (const message of frames(response.body)) {
        const events = decodeEvents(message);
        if (events.length > 0) listen(events.length, Number(field(message, 2)) - 1);
        else if (field(message, 3) === 1 && --missing === 0) resolve();
      }
    };
    read().catch(reject);
    await opened;
    return () => ended.abort();
  }
  return { open, close: async () => stop.abort(), creates: count };
}

function createRequest({ key, prefix, startRevision = 0 }: Target, id: number): readonly Uint8Array[] {
  const range = toKeyRange(prefix ? { prefix: key } : key);
  const create = [
    ...bytesField(1, range.key),
    ...bytesField(2, range.rangeEnd),
    numberField(3, startRevision),
    numberField(4, 1),
    numberField(7, id),
  ];
  return bytesField(1, join(create));
}

function decodeEvents(message: Uint8Array): readonly (readonly [Uint8Array | undefined, Uint8Array | undefined])[] {
  const events: [Uint8Array | undefined, Uint8Array | undefined][] = [];
  for (const [number, event] of fields(message)) {
    const kv = number === 11 && typeof event !== "number" ? bytesOf(event, 2) : undefined;
    if (kv !== undefined) events.push([bytesOf(kv, 1), bytesOf(kv, 5)]);
  }
  return events;
}
