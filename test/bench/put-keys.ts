import { createJsonGateway } from "./callers/json-gateway.ts";
import type { Place } from "./contenders/contender.ts";
import { keys, value } from "./work/clocked.ts";

/** What the calls read. */
export async function putKeys(place: Place): Promise<void> {
  const gateway = createJsonGateway(place); // past the proxy, whose certificate Node may not know
  for (const key of keys) await gateway.put(key, value);
}
