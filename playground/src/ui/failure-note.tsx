import type { ReactNode } from "react";
import type { Failure } from "./failure.ts";

/** What went wrong, read out at once, with what can be done about it. */
export function FailureNote({ failure, children }: { readonly failure: Failure; readonly children?: ReactNode }) {
  return (
    <div className="failure" role="alert">
      <p>
        <FailureText failure={failure} />
      </p>
      {children}
    </div>
  );
}

/** The sentence and its code. */
export function FailureText({ failure }: { readonly failure: Failure }) {
  return (
    <>
      {failure.sentence} <code className="code">{failure.code}</code>
    </>
  );
}
