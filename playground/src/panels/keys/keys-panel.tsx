import type { Range } from "etcd-web";
import { useEtcd } from "etcd-web/react";
import { KeyRound, Plus, Sprout, Trash2, X } from "lucide-react";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { type Action, useActions } from "../../app/actions.ts";
import { loadSampleInto } from "../../connection/memory-actions.tsx";
import { useConnection, useReadOnly } from "../../connection/use-connection.ts";
import { usePanelParam } from "../../route/use-route.ts";
import { countOf, formatCount } from "../../text/format.ts";
import { keyText, parseKey } from "../../text/key-text.ts";
import { tryParse } from "../../text/typed-key.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { EmptyState, FailureNote } from "../../ui/notes.tsx";
import { PanelPage } from "../../ui/panel-page.tsx";
import { SplitPane } from "../../ui/split-pane.tsx";
import { toKey, toKeyId } from "./key-id.ts";
import { KeyLines } from "./key-lines.tsx";
import { KeyTools } from "./key-tools.tsx";
import { foldersOf } from "./lines.ts";
import { useDeleting } from "./use-deleting.tsx";
import { useKeyList } from "./use-key-list.ts";
import { useLines } from "./use-lines.ts";
import { useSelection } from "./use-selection.ts";
import { useSeparator } from "./use-separator.ts";
import "./keys.css";

const KeyDetail = lazy(async () => ({ default: (await import("./key-detail.tsx")).KeyDetail }));
const NewKeyDialog = lazy(async () => ({ default: (await import("./new-key-dialog.tsx")).NewKeyDialog }));

/** All keys, live, and one of them beside them. */
export function Panel() {
  const etcd = useEtcd();
  const readOnly = useReadOnly();
  const [prefix] = usePanelParam("prefix");
  const [filter, setFilter] = usePanelParam("filter");
  const [openText, setOpenText] = usePanelParam("key", "push");
  const separator = useSeparator();
  const [newKey, setNewKey] = useState<string>();
  const range = useMemo((): Range => rangeOf(prefix), [prefix]);
  const { keys, failure } = useKeyList(etcd, range);
  const { lines, rows, fault, setOpen } = useLines({ keys, filter, separator });
  const selection = useSelection(lines, rows);
  const ask = useDeleting(etcd);

  const [openKey] = tryParse(openText);
  const openId = openKey && toKeyId(openKey);
  const open = useCallback((key: Uint8Array): void => setOpenText(keyText(key)), [setOpenText]);
  const close = useCallback((): void => setOpenText(undefined), [setOpenText]);
  const reveal = useCallback(
    (key: Uint8Array): void => {
      setOpen(foldersOf(toKeyId(key), separator), true);
      open(key);
    },
    [separator, setOpen, open],
  );

  const deleteOpen = useCallback((key: Uint8Array): void => void ask([key]), [ask]);

  function deletePicked(): void {
    const line = lines.at(selection.active);
    const under =
      line === undefined ? [] : line.kind === "key" ? [line.id] : rows.slice(line.from, line.to).map(({ id }) => id);
    const ids = selection.picked.size > 0 ? [...selection.picked] : under;
    if (readOnly || ids.length === 0) return;
    void ask(ids.map(toKey)).then((done) => {
      if (done) selection.clear();
    });
  }

  /** The folder that one is in. */
  function folderText(): string {
    const line = lines.at(selection.active);
    if (line === undefined || separator === "") return prefix;
    return keyText(toKey(line.kind === "folder" ? line.id : (foldersOf(line.id, separator).at(-1) ?? "")));
  }

  const actions = useMemo(
    (): readonly Action[] => [
      { id: "new-key", title: "New key", group: "Keys", icon: Plus, run: () => setNewKey(prefix) },
    ],
    [prefix],
  );
  useActions(readOnly ? noActions : actions);

  const list = (
    <section className="key-list" aria-label="List of keys">
      <KeyTools filter={filter} onFilter={setFilter} fault={fault} />
      {failure ? (
        <div className="key-failure">
          <FailureNote failure={failure}>
            {failure.code === "permission-denied" && (
              <p>Your user may not read all keys: give a prefix that it may read.</p>
            )}
          </FailureNote>
        </div>
      ) : (
        <>
          {lines.length === 0 && keys.phase === "live" && (
            <NoKeys isFiltered={filter !== ""} onClear={() => setFilter("")} onNew={() => setNewKey(prefix)} />
          )}
          <KeyLines
            lines={lines}
            rows={rows}
            isTree={separator !== ""}
            selection={selection}
            openKey={openId}
            onOpen={(id) => open(toKey(id))}
            onFolder={setOpen}
            onDelete={deletePicked}
          />
        </>
      )}
      {selection.picked.size > 0 && (
        <div className="picked-bar" role="status">
          <span>{countOf(selection.picked.size, "key")} picked</span>
          <Button kind="danger" icon={Trash2} isDisabled={readOnly} onPress={deletePicked}>
            Delete
          </Button>
          <IconButton icon={X} label="Pick none" onPress={selection.clear} />
        </div>
      )}
    </section>
  );

  return (
    <PanelPage
      title="Keys"
      layout="full"
      meta={
        <>
          <span>
            {keys.phase === "loading" && keys.expected > keys.rows.all.length
              ? `${formatCount(keys.rows.all.length)} of ${countOf(keys.expected, "key")}`
              : filter === ""
                ? countOf(keys.rows.all.length, "key")
                : `${formatCount(rows.length)} of ${countOf(keys.rows.all.length, "key")}`}
          </span>
          {keys.phase === "live" && <span>revision {keys.revision.toString()}</span>}
        </>
      }
      tools={
        <Button kind="primary" icon={Plus} isDisabled={readOnly} onPress={() => setNewKey(folderText())}>
          New key
        </Button>
      }
    >
      <SplitPane
        name="keys"
        shown={openId === undefined ? "first" : "second"}
        first={list}
        second={
          openId === undefined ? (
            <EmptyState icon={KeyRound} title="No key is open">
              Choose one to see its value, its lease and its history.
            </EmptyState>
          ) : (
            <Suspense>
              <KeyDetail
                key={openId}
                id={openId}
                onOpen={reveal}
                onClose={close}
                onCreate={setNewKey}
                onDelete={deleteOpen}
              />
            </Suspense>
          )
        }
      />
      {newKey !== undefined && (
        <Suspense>
          <NewKeyDialog initialKey={newKey} onClose={() => setNewKey(undefined)} onCreated={reveal} />
        </Suspense>
      )}
    </PanelPage>
  );
}

const noActions: readonly Action[] = [];

function rangeOf(prefix: string): Range {
  const [key] = tryParse(prefix);
  return key === undefined ? { all: true } : { prefix: parseKey(prefix) };
}

function NoKeys(props: { readonly isFiltered: boolean; readonly onClear: () => void; readonly onNew: () => void }) {
  const connection = useConnection();
  const { readOnly } = connection.target;
  if (props.isFiltered) {
    return (
      <EmptyState title="No key matches" actions={<Button onPress={props.onClear}>Clear the filter</Button>}>
        Text finds keys that contain it, <code>config/*</code> whole keys, <code>/^a.+z$/</code> is a regular
        expression.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={KeyRound}
      title="No keys yet"
      actions={
        <>
          <Button kind="primary" icon={Plus} isDisabled={readOnly} onPress={props.onNew}>
            New key
          </Button>
          {connection.memory && (
            <Button icon={Sprout} isDisabled={readOnly} onPress={() => void loadSampleInto(connection)}>
              Load a sample
            </Button>
          )}
        </>
      }
    >
      {connection.memory ? "An etcd runs in this page. " : ""}Keys appear here as soon as anyone puts one.
    </EmptyState>
  );
}
