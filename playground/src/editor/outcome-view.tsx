import type { KeyValue } from "etcd-web";
import { toExcerpt } from "../text/excerpt.ts";
import { LongText } from "../text/long-text.tsx";
import { FailureText } from "../ui/failure-note.tsx";
import type { Outcome } from "./outcome.ts";

/** What came of it, as a sentence. The element stays, so that its changes are read out. */
export function OutcomeView({ outcome }: { readonly outcome: Outcome | undefined }) {
  return (
    <div className="outcome" role="status" data-outcome={outcome?.type}>
      {outcome === undefined ? <p className="hint">What etcd answers appears here.</p> : <Answer outcome={outcome} />}
    </div>
  );
}

function Answer({ outcome }: { readonly outcome: Outcome }) {
  switch (outcome.type) {
    case "pending":
      return (
        <p className="hint">
          {outcome.doing} <code>{outcome.key}</code>…
        </p>
      );
    case "put":
      return (
        <p>
          <code>{outcome.key}</code> was put at revision {outcome.revision.toString()}.
        </p>
      );
    case "got":
      return <Pair name={outcome.key} kv={outcome.kv} />;
    case "missing":
      return (
        <p>
          <code>{outcome.key}</code> does not exist.
        </p>
      );
    case "deleted":
      return (
        <p>
          <code>{outcome.key}</code> was deleted at revision {outcome.revision.toString()}.
        </p>
      );
    case "nothing-deleted":
      return (
        <p>
          <code>{outcome.key}</code> does not exist, so nothing was deleted.
        </p>
      );
    case "failed":
      return (
        <p className="failure">
          <FailureText failure={outcome.failure} />
        </p>
      );
    default:
      return outcome satisfies never;
  }
}

function Pair({ name, kv }: { readonly name: string; readonly kv: KeyValue }) {
  return (
    <>
      <p>
        <code>{name}</code> was last put at revision {kv.modRevision.toString()}.
      </p>
      <dl className="pair">
        <dt>Created at revision</dt>
        <dd>{kv.createRevision.toString()}</dd>
        <dt>Modified at revision</dt>
        <dd>{kv.modRevision.toString()}</dd>
        <dt>Version</dt>
        <dd>{kv.version.toString()}</dd>
        <dt>Lease</dt>
        <dd>{kv.lease === 0n ? "none" : kv.lease.toString(16)}</dd>
        <dt>Value</dt>
        <dd>
          <LongText excerpt={toExcerpt(kv.value)} short={60} />
        </dd>
      </dl>
    </>
  );
}
