/** Bytes, one character each, so that a program can be read. */
export interface Bytes {
  readonly bytes: string;
}
/** A revision, counted from the program's first; 0 and below mean themselves. */
export interface Revision {
  readonly revision: number;
}
/** The lease in a slot of the program, or its number where the slot is empty. */
export interface LeaseId {
  readonly lease: number;
}

/** One call of a service, as a client would make it: values of the three kinds above stand for what they name. */
export interface CallStep {
  readonly call: string;
  readonly request: object;
  /** The slot of the token it carries; -1 is a token that nobody was given. */
  readonly token?: number;
  /** The slot that the lease or token it returns goes to. */
  readonly saves?: number;
}

/** One more watch on a stream of the program; streams are opened when they are first used. */
export interface WatchStep {
  readonly watch: object;
  readonly stream: number;
  readonly token?: number;
}

/** The end of a watch. */
export interface CancelStep {
  readonly cancel: number;
  readonly stream: number;
  readonly token?: number;
}

export type Step = CallStep | WatchStep | CancelStep;
export type Program = readonly Step[];
