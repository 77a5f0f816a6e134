import type { Transport } from "@connectrpc/connect";
import { wordsOf } from "./reasons.ts";

/** Where tokens come from. Both calls may come at any time, several at once; `signal` ends this one's wait only. */
export interface TokenSource {
  /** The token to send; "" for none. */
  token(signal: AbortSignal): Promise<string>;
  /** Another one, since the server has refused `rejected`. Where another call has renewed it already: that one. */
  renew(rejected: string, signal: AbortSignal): Promise<string>;
}

/** A source of tokens, or what makes one, given a transport that signs nothing. */
export type Auth = TokenSource | ((transport: Transport) => TokenSource);

const stale = new Set([
  "invalid auth token",
  "revision of auth store is old",
  "revision in header is old", // the same, before 3.4.19 and 3.5.2
  "user name is empty",
]);

/**
 * Whether these words of etcd mean that another token would do: it has expired, was forgotten by a member that
 * restarted, is older than the last change of users and roles, or was not sent.
 */
export function isStaleToken(text: string): boolean {
  return stale.has(wordsOf(text));
}
