import { KV } from "../../gen/etcdserverpb/kv_pb.ts";
import { type Check, type Examination, fine } from "../examination.ts";
import { buffered } from "./buffered.ts";
import { type Followed, follow } from "./follow.ts";

/** etcd ends the stream after so long: what has been held back arrives then. */
const lastsMs = 3_000;
const promptMs = 2_000;
/** What follows its predecessor sooner may have been with it in one piece, which says nothing of the next piece. */
const apartMs = 20;
const attempts = 3;

/**
 * Whether what comes second on a stream is passed on when it comes: some proxies hand out the first piece with the
 * headers and gather from then on. A watch from the past has a second answer without anything being written: etcd
 * confirms it at once, and looks at history a moment later.
 */
export const delivery: Check = {
  name: "delivery",
  needs: "streams",
  async run(examination) {
    const from = await findChange(examination);
    if (from === undefined) return fine("There is no key to be read by which to see whether events arrive one by one");
    for (let attempt = 1; ; attempt++) {
      const followed = await follow(examination, {
        ...{ from, lastsMs, giveUpMs: lastsMs + promptMs },
        onResponse: ({ created, canceled }) => !created || canceled,
      });
      const [gap, late] = gapOf(followed);
      if (late)
        return buffered(
          `An event that etcd sends at once arrives after ${(followed.endMs / 1000).toFixed(1)} s, with the end of the stream`,
        );
      if (gap > apartMs || attempt === attempts) return fine("Events arrive one by one");
    }
  },
};

/** A key and when it was last changed: the one under examination, or the first of all. */
async function findChange({ ask, key }: Examination): Promise<{ key: Uint8Array; startRevision: bigint } | undefined> {
  const everything = { key: Uint8Array.of(0), rangeEnd: Uint8Array.of(0), limit: 1n };
  for (const range of [{ key }, everything]) {
    const { message } = await ask(KV.method.range, { ...range, keysOnly: true });
    const [kv] = message?.kvs ?? [];
    if (kv !== undefined) return { key: kv.key, startRevision: kv.modRevision };
  }
  return undefined;
}

function gapOf({ responses, endMs }: Followed): [gap: number, late: boolean] {
  const [first, second] = responses;
  const gap = second === undefined || first === undefined ? 0 : second.ms - first.ms;
  return [gap, endMs >= promptMs];
}
