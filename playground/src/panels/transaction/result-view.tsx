import type { KeyValue, TxnResult } from "etcd-web";
import { countOf } from "../../text/format.ts";
import { keyText } from "../../text/key-text.ts";
import { Badge, FailureNote } from "../../ui/notes.tsx";
import type { OpRow } from "./form.ts";
import type { Ran } from "./use-transaction.ts";

/** What came of it, operation by operation. */
export function ResultView({ ran }: { readonly ran: Ran }) {
  if ("failure" in ran) return <FailureNote failure={ran.failure} />;
  const { succeeded, revision, results } = ran.result;
  const rows = succeeded ? ran.form.success : ran.form.failure;
  return (
    <div className="txn-result">
      <p role="status">
        <Badge tone={succeeded ? "good" : "wait"}>{succeeded ? "Then" : "Else"}</Badge>{" "}
        {succeeded ? "The compares held." : "A compare did not hold."}{" "}
        <span className="muted">
          Revision {revision.toString()}, {ran.ms.toFixed(0)} ms
        </span>
      </p>
      <ol>
        {rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an operation is its place
          <li key={index}>
            <span className="muted">{wordsOf(row)}</span>
            <Result result={results[index]} />
          </li>
        ))}
      </ol>
      {rows.length === 0 && <p className="muted">There was nothing to do.</p>}
    </div>
  );
}

type OneResult = TxnResult<readonly [], readonly []>["results"][number] | unknown;

function Result({ result }: { readonly result: OneResult }) {
  if (result === undefined) return <p>There is no such key.</p>;
  if (typeof result !== "object" || result === null) return null;
  if ("kvs" in result) return <Pairs kvs={result.kvs as readonly KeyValue[]} />;
  if ("deleted" in result) {
    const prevKvs = "prevKvs" in result ? (result.prevKvs as readonly KeyValue[]) : [];
    return (
      <>
        <p>{countOf(result.deleted as number, "key")} deleted</p>
        {prevKvs.length > 0 && <Pairs kvs={prevKvs} />}
      </>
    );
  }
  if ("prevKv" in result) {
    const before = result.prevKv as KeyValue | undefined;
    return before === undefined ? (
      <p>Created</p>
    ) : (
      <p>
        Replaced: <code>{keyText(before.value)}</code>
      </p>
    );
  }
  return <Pairs kvs={[result as KeyValue]} />;
}

function Pairs({ kvs }: { readonly kvs: readonly KeyValue[] }) {
  if (kvs.length === 0) return <p>There is no such key.</p>;
  return (
    <ul className="mono">
      {kvs.slice(0, 50).map(({ key, value, modRevision }) => (
        <li key={keyText(key)}>
          {keyText(key)} = {keyText(value.subarray(0, 500))}{" "}
          <span className="muted">revision {modRevision.toString()}</span>
        </li>
      ))}
      {kvs.length > 50 && <li className="muted">… {kvs.length - 50} more</li>}
    </ul>
  );
}

function wordsOf({ kind, key, prefix }: OpRow): string {
  const verb = { put: "Put", get: "Get", range: "Get prefix", delete: prefix ? "Delete prefix" : "Delete" }[kind];
  return `${verb} ${key}`;
}
