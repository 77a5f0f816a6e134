import { EtcdError } from "./errors.ts";

/** Any Standard Schema v1 validator: zod, valibot, arktype and many more are one (https://standardschema.dev). */
export interface StandardSchema<T> {
  /** What the standard asks for. */
  readonly "~standard": {
    /** Of the standard. */
    readonly version: 1;
    /** Whose it is. */
    readonly vendor: string;
    /** Gives `{ value }`, or `{ issues }`; at once: a promise is refused. */
    readonly validate: (value: unknown) => unknown;
    /** For the compiler alone. */
    readonly types?: { readonly input: unknown; readonly output: T } | undefined;
  };
}

interface Outcome {
  readonly value?: unknown;
  readonly issues?: readonly { readonly message: string }[] | undefined;
}

/** `value` as the schema gives it back, or "invalid-argument" with what it found; its issues are the `cause`. */
export function validate<T>(schema: StandardSchema<T>, value: unknown, what: string): T {
  const outcome = schema["~standard"].validate(value);
  if (outcome instanceof Promise) {
    throw new EtcdError("invalid-argument", `${what} cannot be checked: an asynchronous schema is not supported here`);
  }
  const { issues, value: checked } = outcome as Outcome;
  if (issues === undefined) return checked as T;
  const found = issues.map((issue) => issue.message).join("; ");
  throw new EtcdError("invalid-argument", `${what} does not pass its schema: ${found}`, { cause: issues });
}
