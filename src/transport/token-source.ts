/** Where tokens come from. Both calls may come at any time, several at once; `signal` ends this one's wait only. */
export interface TokenSource {
  /** The token to send; "" for none. */
  token(signal: AbortSignal): Promise<string>;
  /** Another one, since the server has refused `rejected`. Where another call has renewed it already: that one. */
  renew(rejected: string, signal: AbortSignal): Promise<string>;
}

const stale = new Set(["invalid auth token", "revision of auth store is old", "user name is empty"]);

/**
 * Whether these words of etcd mean that another token would do: it has expired, was forgotten by a member that
 * restarted, is older than the last change of users and roles, or was not sent.
 */
export function isStaleToken(words: string): boolean {
  return stale.has(words.replace(/^etcdserver: /, ""));
}
