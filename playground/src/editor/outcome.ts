import type { KeyValue } from "etcd-web";
import type { Failure } from "../ui/failure.ts";

/** What came of the form's last button. */
export type Outcome =
  | { readonly type: "pending"; readonly doing: string; readonly key: string }
  | { readonly type: "put"; readonly key: string; readonly revision: bigint }
  | { readonly type: "got"; readonly key: string; readonly kv: KeyValue }
  | { readonly type: "missing"; readonly key: string }
  | { readonly type: "deleted"; readonly key: string; readonly revision: bigint }
  | { readonly type: "nothing-deleted"; readonly key: string }
  | { readonly type: "failed"; readonly failure: Failure };
