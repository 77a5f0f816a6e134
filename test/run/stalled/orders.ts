/** What the client is told to do. */
export type Order = { readonly measure: true } | { readonly readUpTo: string };

/** What it answers. */
export interface Answers {
  /** How many bytes its heap has grown by since before the backlog, buffers included, once all garbage is gone. */
  readonly cost: number;
  /** Of what its neighbours were told: how much, and how late the latest came. */
  readonly heard: number;
  readonly latestMs: number;
  /** Of all that was read: how many events, and a digest of their revisions and values, in order. */
  readonly events: number;
  readonly digest: string;
}
