import type { Place } from "../contenders/contender.ts";
import { type ContenderName, createContender } from "../contenders/contenders.ts";
import { cpuUs } from "../cpu-us.ts";
import { runJob } from "../run-job.ts";
import { type FollowArgs, type Followed, follow } from "../work/follow.ts";

type Args = FollowArgs & { readonly place: Place; readonly contender: ContenderName };

await runJob(async ({ place, contender, ...args }: Args, ready): Promise<Followed> => {
  return follow(await createContender(contender, place), args, ready, cpuUs);
});
