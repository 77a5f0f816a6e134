import { useEtcd } from "etcd-web/react";
import { Download } from "lucide-react";
import { useState } from "react";
import { usePanelParam } from "../../route/use-route.ts";
import { type Failure, toFailure } from "../../text/failure.ts";
import { countOf, formatBytes, formatCount } from "../../text/format.ts";
import { keyText, parseKey } from "../../text/key-text.ts";
import { tryParse } from "../../text/typed-key.ts";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { TextField } from "../../ui/field.tsx";
import { FailureNote, Note } from "../../ui/notes.tsx";
import { Section } from "../../ui/panel-page.tsx";
import { saveFile } from "../../ui/save-file.ts";
import { formatDocument } from "./document.ts";
import { rangeOf, readEntries } from "./plan.ts";
import { exportCode } from "./transfer-code.ts";

interface Exported {
  readonly name: string;
  readonly text: string;
  readonly said: string;
  readonly withLease: number;
}

/** Everything under a prefix, as it is at one revision. */
export function ExportSection() {
  const etcd = useEtcd();
  const [prefix, setPrefix] = usePanelParam("prefix");
  const [exported, setExported] = useState<Exported>();
  const [failure, setFailure] = useState<Failure>();
  const [isPending, setPending] = useState(false);

  const bytes = prefix === "" ? new Uint8Array() : tryParse(prefix)[0];

  async function run(): Promise<void> {
    setPending(true);
    setFailure(undefined);
    setExported(undefined);
    try {
      const bytes = parseKey(prefix);
      const { revision } = await etcd.range(rangeOf(bytes), { limit: 1, keysOnly: true });
      const done = await exportKeys(bytes, revision);
      saveFile({ name: done.name, blob: new Blob([done.text], { type: "application/json" }) });
      setExported(done);
    } catch (error) {
      setFailure(toFailure(error));
    } finally {
      setPending(false);
    }
  }

  async function exportKeys(bytes: Uint8Array, revision: bigint): Promise<Exported> {
    const kvs = await readEntries(etcd, bytes, { revision });
    const text = formatDocument({ prefix: bytes, revision, entries: kvs });
    const name = `etcd-${
      keyText(bytes)
        .replace(/[^\w.-]+/g, "-")
        .replace(/^-+|-+$/g, "") || "keys"
    }-${revision}.json`;
    const said = `${countOf(kvs.length, "key")} at revision ${formatCount(revision)}, ${formatBytes(new Blob([text]).size)}`;
    return { name, text, said, withLease: kvs.filter(({ lease }) => lease !== 0n).length };
  }

  return (
    <Section title="Export">
      <div className="transfer-line">
        <TextField
          label="Keys that begin with"
          value={prefix}
          onChange={setPrefix}
          placeholder="config/ (nothing: all keys)"
          className="transfer-prefix"
          mono
        />
        <Button kind="primary" icon={Download} onPress={() => void run()} isPending={isPending}>
          Export
        </Button>
        {bytes && <CopyButton text={exportCode(bytes)} label="Copy the export as code" />}
      </div>
      {failure && <FailureNote failure={failure} />}
      {exported && (
        <Note tone="good">
          <p className="transfer-said">
            <span>
              <strong>{exported.name}</strong>: {exported.said}.
              {exported.withLease > 0 &&
                ` ${countOf(exported.withLease, "key hangs", "keys hang")} on a lease: imported, they stay for good.`}
            </span>
            <CopyButton text={exported.text} label="Copy the JSON" />
          </p>
        </Note>
      )}
    </Section>
  );
}
