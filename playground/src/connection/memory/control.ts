/** What can go wrong with an etcd in this page, on demand. */
export type Fault =
  | { readonly fault: "cutStreams" | "expireTokens" }
  | { readonly fault: "unavailable"; readonly ms: number };

/** From a page to the etcd, beside its calls. */
export type Order = { readonly kind: "hello" | "reset" } | ({ readonly kind: "fault" } & Fault);

/**
 * And back: it is there, it is not and why, it has begun anew; what it holds cannot be kept and why, or is kept again.
 */
export type Notice =
  | { readonly kind: "ready" | "begun-anew" | "kept" }
  | { readonly kind: "failed" | "not-kept"; readonly message: string };
