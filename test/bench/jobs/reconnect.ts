import type { Place } from "../contenders/contender.ts";
import { type ContenderName, createContender } from "../contenders/contenders.ts";
import { runJob } from "../run-job.ts";

interface Args {
  readonly place: Place;
  readonly contender: ContenderName;
  readonly watches: number;
}

/** Ready when all watches are open; over when each has heard an event. Gives the creates sent in between. */
await runJob(async ({ place, contender: name, watches }: Args, ready): Promise<number> => {
  const contender = await createContender(name, place);
  const heard = Array.from({ length: watches }, () => Promise.withResolvers<void>());
  const targets = heard.map((_, i) => ({ key: `reconnect/${i}` }));
  await contender.open(targets, (_, i) => heard[i]?.resolve());
  const before = contender.creates();
  ready();
  await Promise.all(heard.map(({ promise }) => promise));
  return contender.creates() - before;
});
