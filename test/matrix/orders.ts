import type { Traits } from "../contract/suite.ts";

/** What a runtime is told to do: hold a case of the contract against an etcd. */
export interface Order {
  /** The case's name. */
  readonly name: string;
  /** Where the etcd is. */
  readonly endpoint: string;
  readonly traits: Traits;
}

/** What came of it. */
export interface Outcome {
  /** Why the case does not hold; it does without. */
  readonly failure?: { readonly message: string; readonly stack: string };
  /** What was logged meanwhile, and what went unhandled. */
  readonly complaints: readonly string[];
}
