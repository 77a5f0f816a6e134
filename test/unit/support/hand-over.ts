import type { Watch } from "../../../src/index.ts";
import { settle } from "./fake-platform.ts";
import type { ServerStream } from "./scripted-etcd.ts";
import { confirm, type Scene, scene } from "./watch-scene.ts";

/** Two watches on streams of their own, and a third stream that is to take all. */
export interface HandOver {
  readonly found: Scene;
  /** What the readers of "a" and "b" got. */
  readonly got: readonly (readonly (bigint | string)[])[];
  /** All but the first. */
  readonly others: readonly Watch[];
  /** The stream that takes all; it has confirmed nothing. */
  readonly after: ServerStream | undefined;
  /** A watch's number on that. */
  idOf(key: string): bigint;
}

/** A hand-over that has begun: "a", with `others`, on the first stream, "b" on the second. */
export async function handingOver(others: readonly string[] = []): Promise<HandOver> {
  const found = scene();
  const { server, platform, follow } = found;
  const a = follow("a");
  const beside = others.map((key) => follow(key).watch);
  await platform.pass(0);
  confirm(server.streams[0]);
  await settle();
  const b = follow("b");
  await platform.pass(0);
  confirm(server.streams[1]);
  await platform.pass(3_000);
  const after = server.streams[2];
  const idOf = (key: string): bigint => idOn(after, key);
  return { found, got: [a.got, b.got], others: [b.watch, ...beside], after, idOf };
}

/** One that has ended, with one more watch beside "a"; its stream found these compacted, so they stayed where they were. */
export async function keeping(keys: readonly string[]): Promise<HandOver> {
  const handOver = await handingOver(["z"]);
  confirm(handOver.after, 510n);
  for (const key of keys) handOver.after?.send({ watchId: handOver.idOf(key), canceled: true, compactRevision: 500n });
  await handOver.found.platform.pass(1_000);
  return handOver;
}

/** The key of a create. */
export const nameOf = ({ key }: { readonly key: Uint8Array }): string => new TextDecoder().decode(key);

/** A watch's number on a stream. */
export function idOn(stream: ServerStream | undefined, key: string): bigint {
  return stream?.creates.find((create) => nameOf(create) === key)?.watchId ?? 0n;
}
