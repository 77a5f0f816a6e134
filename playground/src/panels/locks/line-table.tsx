import type { KeyValue } from "etcd-web";
import { createView } from "etcd-web/live";
import { useEtcd, useView } from "etcd-web/react";
import { useMemo } from "react";
import { formatId } from "../../text/format.ts";
import { Badge } from "../../ui/notes.tsx";
import { Table } from "../../ui/table.tsx";
import type { ContenderState } from "./contender.ts";

/** The line as etcd has it: a key each, and whoever's is oldest holds it. Also those of other programs. */
export function LineTable(props: {
  readonly name: string;
  readonly contenders: readonly ContenderState[];
  readonly left: ReadonlyMap<bigint, number>;
}) {
  const etcd = useEtcd();
  const view = useMemo(
    () => createView(etcd, { prefix: `${props.name}/` }, { decode: (kv: KeyValue) => kv }),
    [etcd, props.name],
  );
  const { values } = useView(view);
  const line = [...values].toSorted(([, a], [, b]) => (a.createRevision < b.createRevision ? -1 : 1));
  if (line.length === 0) return <p className="muted">Nobody stands in line: there is no key under {props.name}/.</p>;
  return (
    <Table label="The line in etcd" head={["Whose", "Revision", "Lease", "Key"]}>
      {line.map(([key, kv], index) => {
        const seconds = props.left.get(kv.lease);
        return (
          <tr key={key}>
            <td className="line-whose">
              {props.contenders.find(({ lease }) => lease === kv.lease)?.name ?? `lease ${formatId(kv.lease)}`}{" "}
              {index === 0 && <Badge tone="good">first</Badge>}
            </td>
            <td>{kv.createRevision.toString()}</td>
            <td>{seconds === undefined ? "—" : `${seconds} s`}</td>
            <td className="mono">{key}</td>
          </tr>
        );
      })}
    </Table>
  );
}
