/** Where the servers of a measurement are, and the package that is compared. */
export interface Place {
  /** URL of the Envoy in front. */
  readonly envoy: string;
  /** URL of etcd itself. */
  readonly etcd: string;
  /** The folder of the installed `etcd3`. */
  readonly etcd3: string;
}

/** What one watch is to follow. */
export interface Target {
  readonly key: string;
  /** Every key that starts so; default: the one key. */
  readonly prefix?: boolean;
  /** Default: from now on. */
  readonly startRevision?: number | undefined;
}

/** Called with each number of events that a contender hands out at a time. */
export type Listen = (events: number) => void;

/** A way to watch, as a user would write it. Keys and values reach the listener as bytes. */
export interface Contender {
  /** Opens watches together, as few streams as it can; resolves when each has been confirmed, to what ends them. */
  open(targets: readonly Target[], listen: Listen): Promise<() => void>;
  close(): Promise<void>;
  /** Creates sent so far, re-sent ones too. */
  creates(): number;
}

/** Watches, each with what opens it. */
export async function openEach(
  targets: readonly Target[],
  openOne: (target: Target) => Promise<() => void>,
): Promise<() => void> {
  const stops = await Promise.all(targets.map(openOne));
  return () => {
    for (const stop of stops) stop();
  };
}
