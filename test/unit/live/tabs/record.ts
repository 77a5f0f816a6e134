import { isEtcdError, type Watch } from "../../../../src/index.ts";

/** What a watch has given so far: values, then how it ended. */
export function record(watch: Watch): string[] {
  const seen: string[] = [];
  const read = async (): Promise<void> => {
    for await (const { events } of watch.batches()) {
      for (const { type, kv } of events) seen.push(type === "put" ? kv.text() : "gone");
    }
  };
  read().then(
    () => seen.push("end"),
    (error: unknown) => seen.push(isEtcdError(error) ? error.code : String(error)),
  );
  return seen;
}
