import type { Failure } from "../ui/failure.ts";
import { FailureNote } from "../ui/failure-note.tsx";

/** Why there are no more events. That somebody has disconnected is not worth a word: the bar above says it. */
export function WatchFailure({ failure, onAgain }: { readonly failure: Failure; readonly onAgain: () => void }) {
  if (failure.code === "closed") return null;
  return (
    <FailureNote failure={failure}>
      <button type="button" onClick={onAgain}>
        Watch again
      </button>
    </FailureNote>
  );
}
