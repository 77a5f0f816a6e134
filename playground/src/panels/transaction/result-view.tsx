import type { KeyValue, Op, TxnResult } from "etcd-web";
import { countOf } from "../../text/format.ts";
import { keyText } from "../../text/key-text.ts";
import { Badge, FailureNote } from "../../ui/notes.tsx";
import { emptyForm, type OpRow, type TxnForm } from "./form.ts";
import type { Ran } from "./use-transaction.ts";

/** What came of it, operation by operation. */
export function ResultView({ ran }: { readonly ran: Ran }) {
  if ("failure" in ran) return <FailureNote failure={ran.failure} />;
  return (
    <div className="txn-result">
      <p role="status">
        <Way result={ran.result} />{" "}
        <span className="muted">
          Revision {ran.result.revision.toString()}, {ran.ms.toFixed(0)} ms
        </span>
      </p>
      <Results form={ran.form} result={ran.result} />
    </div>
  );
}

type Answer = TxnResult<readonly Op[], readonly Op[]>;

/** Which way it went. */
function Way({ result: { succeeded } }: { readonly result: Answer }) {
  return (
    <>
      <Badge tone={succeeded ? "good" : "wait"}>{succeeded ? "Then" : "Else"}</Badge>{" "}
      {succeeded ? "The compares held." : "A compare did not hold."}
    </>
  );
}

function Results({ form, result: { succeeded, results } }: { readonly form: TxnForm; readonly result: Answer }) {
  const rows = succeeded ? form.success : form.failure;
  if (rows.length === 0) return <p className="muted">There was nothing to do.</p>;
  return (
    <ol>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an operation is its place
        <li key={index}>
          <span className="muted">{wordsOf(row)}</span>
          {row.kind === "txn" ? (
            <>
              <p>
                <Way result={results[index] as Answer} />
              </p>
              <Results form={row.txn ?? emptyForm} result={results[index] as Answer} />
            </>
          ) : (
            <Result result={results[index]} />
          )}
        </li>
      ))}
    </ol>
  );
}

function Result({ result }: { readonly result: unknown }) {
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
  if (kind === "txn") return "A transaction of its own";
  const verb = { put: "Put", get: "Get", range: "Get prefix", delete: prefix ? "Delete prefix" : "Delete" }[kind];
  return `${verb} ${key}`;
}
