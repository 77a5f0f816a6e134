import type { Etcd, KeyValue } from "etcd-web";
import { createView } from "etcd-web/live";
import { useView } from "etcd-web/react";
import { useMemo } from "react";
import { keyText } from "../../text/key-text.ts";

/** What is in the etcd of this step, live. */
export function KeysNow({ etcd }: { readonly etcd: Etcd }) {
  const view = useMemo(() => createView(etcd, { all: true }, { decode: (kv): KeyValue => kv }), [etcd]);
  const { values, revision } = useView(view);
  return (
    <section className="tour-keys" aria-label="Keys">
      <header>
        <h3>In this etcd</h3>
        <span className="muted number">revision {revision.toString()}</span>
      </header>
      <table>
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">Value</th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {[...values.values()].map((kv) => (
            <tr key={`${keyText(kv.key)} ${kv.modRevision}`}>
              <td className="mono">{keyText(kv.key)}</td>
              <td className="mono">{kv.text()}</td>
              <td className="number">{kv.modRevision.toString()}</td>
            </tr>
          ))}
          {values.size === 0 && (
            <tr>
              <td colSpan={3} className="muted">
                No keys.
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}
