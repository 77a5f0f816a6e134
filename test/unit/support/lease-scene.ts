import { type ConnectError, createRouterTransport } from "@connectrpc/connect";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import type { Etcd } from "../../../src/index.ts";
import { Lease } from "../../../src/proto.ts";
import { createFakePlatform, type FakePlatform } from "./fake-platform.ts";

/** What becomes of a sign of life: a time to live, nothing ever, an error, an end, or no answer while others have one. */
export type Answer = number | "silence" | ConnectError | "end" | "skip";

/** A lease's server, of which the test plays the moods; time is the test's. */
export interface LeaseScene {
  readonly etcd: Etcd;
  readonly platform: FakePlatform;
  /** When each sign of life came, in milliseconds since the start. */
  readonly beats: number[];
  /** The ids of each call, in order. */
  readonly calls: bigint[][];
  /** Of every lease that has no answer of its own. */
  answer: Answer;
  readonly answers: Map<bigint, Answer>;
  /** Before each answer. */
  delayMs: number;
  timeToLive: { readonly TTL: bigint; readonly grantedTTL?: bigint; readonly keys?: Uint8Array<ArrayBuffer>[] };
  revokeError: ConnectError | undefined;
  /** Calls for signs of life that are under way. */
  open: number;
}

/** One that answers 60. */
export function leaseScene(): LeaseScene {
  const platform = createFakePlatform();
  const start = platform.now();
  let ids = 0n;
  const transport = createRouterTransport(({ rpc }) => {
    rpc(Lease.method.leaseGrant, ({ TTL, ID }) => ({ ID: ID || ++ids, TTL }));
    rpc(Lease.method.leaseRevoke, () => {
      if (scene.revokeError) throw scene.revokeError;
      return {};
    });
    rpc(Lease.method.leaseTimeToLive, ({ ID }) => ({ ID, ...scene.timeToLive }));
    rpc(Lease.method.leaseLeases, () => ({ leases: [{ ID: 1n }, { ID: 2n ** 62n }] }));
    rpc(Lease.method.leaseKeepAlive, async function* (requests, { signal }) {
      const call: bigint[] = [];
      scene.calls.push(call);
      scene.open++;
      try {
        for await (const { ID } of requests) {
          call.push(ID);
          scene.beats.push(platform.now() - start);
          const answer = scene.answers.get(ID) ?? scene.answer;
          if (scene.delayMs > 0) await new Promise<void>((resolve) => platform.setTimeout(resolve, scene.delayMs));
          if (answer === "skip") continue;
          if (answer === "end") return;
          if (answer === "silence") await new Promise((_, reject) => signal.addEventListener("abort", reject));
          else if (typeof answer === "number") yield { ID, TTL: BigInt(answer) };
          else throw answer;
        }
      } finally {
        scene.open--;
      }
    });
  });
  const scene: LeaseScene = {
    etcd: createEtcdOn(platform, { transport }),
    platform,
    beats: [],
    calls: [],
    answer: 60,
    answers: new Map(),
    delayMs: 0,
    timeToLive: { TTL: 60n, grantedTTL: 60n },
    revokeError: undefined,
    open: 0,
  };
  return scene;
}
