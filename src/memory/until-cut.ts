import type { Era } from "./core.ts";

/** What a call sends that makes its parts as they are read: whole, or up to where the server cut every stream. */
export async function* untilCut<T>(era: Era, parts: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const part of parts) {
    if (era.cutBy !== undefined) throw era.cutBy;
    yield part;
  }
  if (era.cutBy !== undefined) throw era.cutBy;
}
