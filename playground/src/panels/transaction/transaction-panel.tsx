import { BookOpen, Play, SquareTerminal } from "lucide-react";
import { useState } from "react";
import { useReadOnly } from "../../connection/use-connection.ts";
import { openPanel } from "../../route/router.ts";
import { formatBytes } from "../../text/format.ts";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Note } from "../../ui/notes.tsx";
import { PanelPage, Section } from "../../ui/panel-page.tsx";
import { Segmented } from "../../ui/toggles.tsx";
import { templates, writes } from "./form.ts";
import { ResultView } from "./result-view.tsx";
import { TxnFormView } from "./txn-form.tsx";
import { useTransaction } from "./use-transaction.ts";
import { hexDump } from "./wire.ts";
import "./transaction.css";

type Words = "code" | "json" | "bytes";

/** If, then, else: as a form, in other words, and what came of it. */
export function Panel() {
  const { form, change, run, ran, fault, wire, code } = useTransaction();
  const readOnly = useReadOnly();
  const [words, setWords] = useState<Words>("code");
  const isWrite = writes(form);
  const shown = { code: code ?? "", json: wire?.json ?? "", bytes: wire ? hexDump(wire.bytes) : "" }[words];
  return (
    <PanelPage
      title="Transaction"
      tools={
        <>
          <Menu
            label="Examples"
            trigger={
              <Button kind="quiet" icon={BookOpen}>
                Examples
              </Button>
            }
            actions={templates.map(({ id, title, form: template }) => ({
              id,
              label: title,
              run: () => change(template),
            }))}
          />
          <Button kind="primary" icon={Play} onPress={run} isDisabled={fault !== undefined || (readOnly && isWrite)}>
            Run
          </Button>
        </>
      }
    >
      <div className="txn-columns">
        <TxnFormView form={form} onChange={change} />
        <div className="txn-side">
          <Section
            title="The same in other words"
            tools={
              <Segmented
                label="In which words"
                value={words}
                onChange={setWords}
                choices={[
                  { id: "code", label: "TypeScript" },
                  { id: "json", label: "Message" },
                  { id: "bytes", label: "Bytes" },
                ]}
              />
            }
          >
            {fault === undefined ? (
              <CodeBlock code={shown} label="The transaction" />
            ) : (
              <Note tone="wait">{fault}</Note>
            )}
            <div className="txn-words">
              {words === "code" && code !== undefined && (
                <Button kind="quiet" icon={SquareTerminal} onPress={() => openPanel("code", { code })}>
                  Open in the editor
                </Button>
              )}
              {words === "json" && (
                <p className="muted">etcdserverpb.TxnRequest as JSON: what etcd's own gateway takes at /v3/kv/txn.</p>
              )}
              {words === "bytes" && wire && (
                <p className="muted">
                  {formatBytes(wire.bytes.length)} of protobuf; gRPC-Web sends 5 bytes of frame before.
                </p>
              )}
            </div>
          </Section>
          <Section title="Result">
            {readOnly && isWrite && <Note tone="wait">This connection is read-only, and the transaction writes.</Note>}
            {ran === undefined ? <p className="muted">It has not been run yet.</p> : <ResultView ran={ran} />}
          </Section>
        </div>
      </div>
    </PanelPage>
  );
}
