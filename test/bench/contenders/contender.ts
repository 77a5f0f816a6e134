/** The one that ratios are to. */
export const anchor = "Connect stub";

/** Where the servers of a measurement are, and what else is compared. */
export interface Place {
  /** URL of the Envoy in front. */
  readonly envoy: string;
  /** URL of etcd itself. */
  readonly etcd: string;
  /** URL of an Envoy in front of its JSON gateway. */
  readonly json: string;
  /** The folder of the installed `etcd3`. */
  readonly etcd3: string;
  /** The program on Go's client. */
  readonly go: string;
}

/** What one watch is to follow. */
export interface Target {
  readonly key: string;
  /** Every key that starts so; default: the one key. */
  readonly prefix?: boolean;
  /** Default: from now on. */
  readonly startRevision?: number | undefined;
}

/** Called with each number of events that a contender hands out at a time, and which of the targets they are of. */
export type Listen = (events: number, target: number) => void;

/** A way to watch, as a user would write it. Keys and values reach the listener as bytes. */
export interface Contender {
  /** Opens watches together, as few streams as it can; resolves when each has been confirmed, to what ends them. */
  open(targets: readonly Target[], listen: Listen): Promise<() => void>;
  close(): Promise<void>;
  /** Creates sent so far, re-sent ones too. */
  creates(): number;
}

/** What is done again at once whenever it ends or fails. */
export async function untilStopped(signal: AbortSignal, run: () => Promise<void>): Promise<void> {
  while (!signal.aborted) await run().catch(() => {});
}

/** Watches, each with what opens it. */
export async function openEach(
  targets: readonly Target[],
  listen: Listen,
  openOne: (target: Target, listen: (events: number) => void) => Promise<() => void>,
): Promise<() => void> {
  const stops = await Promise.all(targets.map((target, i) => openOne(target, (events) => listen(events, i))));
  return () => {
    for (const stop of stops) stop();
  };
}
