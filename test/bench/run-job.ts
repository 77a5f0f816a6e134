import process from "node:process";

/** From a job to who started it. */
export type JobMessage<Result> = { readonly ready: true } | { readonly result: Result };

/**
 * Runs a job in this process, which was started for it. Its arguments are the command line's one word, as JSON, so that
 * it can also be started by hand, under a profiler. `ready` tells that what is measured may begin.
 */
export async function runJob<Args, Result>(job: (args: Args, ready: () => void) => Promise<Result>): Promise<void> {
  process.on("disconnect", () => process.exit(1));
  const args = JSON.parse(process.argv[2] ?? "{}") as Args;
  const result = await job(args, () => tell({ ready: true }));
  tell({ result });
  if (process.send === undefined) process.exit(); // by hand; otherwise it is ended by who started it
}

function tell<Result>(message: JobMessage<Result>): void {
  if (process.send) process.send(message);
  else console.log(JSON.stringify(message));
}
