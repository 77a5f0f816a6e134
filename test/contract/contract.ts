import { bytes } from "./bytes.ts";
import { calls } from "./calls.ts";
import { conditional } from "./conditional.ts";
import { kvRead } from "./kv-read.ts";
import { kvWrite } from "./kv-write.ts";
import { lease } from "./lease.ts";
import { live, liveFaults } from "./live.ts";
import { namespace } from "./namespace.ts";
import { plugins } from "./plugins.ts";
import { recipesBarrier } from "./recipes-barrier.ts";
import { recipesElection } from "./recipes-election.ts";
import { recipesLock } from "./recipes-lock.ts";
import { recipesQueue } from "./recipes-queue.ts";
import { recipesRegistry } from "./recipes-registry.ts";
import { recipesServices } from "./recipes-services.ts";
import { recipesStm } from "./recipes-stm.ts";
import { scan } from "./scan.ts";
import { scanFaults } from "./scan-faults.ts";
import type { Case, Suite } from "./suite.ts";
import { txn } from "./txn.ts";
import { watch } from "./watch.ts";
import { watchEnds } from "./watch-ends.ts";
import { watchFaults } from "./watch-faults.ts";
import { watchMany } from "./watch-many.ts";

const suites: readonly Suite[] = [
  calls,
  kvRead,
  kvWrite,
  txn,
  conditional,
  scan,
  namespace,
  bytes,
  watch,
  watchEnds,
  watchMany,
  lease,
  recipesLock,
  recipesElection,
  recipesStm,
  recipesQueue,
  recipesBarrier,
  recipesRegistry,
  recipesServices,
  live,
  plugins,
];
const suitesThatNeedEndpoints: readonly Suite[] = [scanFaults, watchFaults, liveFaults];

/** Everything the library promises, whatever runtime it runs on and whichever etcd it talks to. */
export const contract: readonly Case[] = [
  ...suites.flatMap((suite) => casesOf(suite, false)),
  ...suitesThatNeedEndpoints.flatMap((suite) => casesOf(suite, true)),
];

function casesOf(suite: Suite, needsEndpoints: boolean): readonly Case[] {
  return Object.entries(suite).map(([name, run]) => ({ name, needsEndpoints, run }));
}
