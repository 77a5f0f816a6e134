/** Headers, as a structured clone can carry them. */
export type Pairs = readonly (readonly [name: string, value: string])[];

/** From the page to what serves a port. */
export type Request =
  | { readonly kind: "call"; readonly id: number; readonly path: string; readonly header: Pairs }
  | { readonly kind: "input"; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: "inputs-end" | "cancel"; readonly id: number }
  /** The page goes: none of its calls is wanted any more. */
  | { readonly kind: "bye" };

/** And back. A call ends with "end" or "error". */
export type Answer =
  | { readonly kind: "header"; readonly id: number; readonly header: Pairs }
  | { readonly kind: "output"; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: "end"; readonly id: number; readonly trailer: Pairs }
  | {
      readonly kind: "error";
      readonly id: number;
      readonly code: number;
      readonly message: string;
      readonly metadata: Pairs;
    };

/** `etcdserverpb.KV/Range` */
export function pathOf(method: { readonly name: string; readonly parent: { readonly typeName: string } }): string {
  return `${method.parent.typeName}/${method.name}`;
}
