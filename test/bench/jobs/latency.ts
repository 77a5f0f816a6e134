import type { Place } from "../contenders/contender.ts";
import { type ContenderName, createContender } from "../contenders/contenders.ts";
import { runJob } from "../run-job.ts";
import { type LatencyArgs, latencies } from "../work/latency.ts";

type Args = LatencyArgs & { readonly place: Place; readonly contender: ContenderName };

await runJob(
  async ({ place, contender, ...args }: Args): Promise<number[]> =>
    latencies(await createContender(contender, place), args),
);
