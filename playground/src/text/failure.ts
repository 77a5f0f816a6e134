import { isEtcdError } from "etcd-web";

/** An error as it is shown: a sentence, and the word to look up. */
export interface Failure {
  readonly sentence: string;
  readonly code: string;
}

/** Any error, for people. What is no EtcdError is a bug of this page, and says so. */
export function toFailure(error: unknown): Failure {
  if (!isEtcdError(error)) {
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { sentence: `Something in this page went wrong. ${toSentence(detail)}`, code: "bug" };
  }
  const applied = error.mayHaveRun ? " It may have been applied all the same." : "";
  return { sentence: toSentence(error.message) + applied, code: error.code };
}

/** With a full stop, where it has no end of its own. */
export function toSentence(message: string): string {
  return /[.?!]$/.test(message) ? message : `${message}.`;
}
