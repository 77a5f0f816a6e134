import type { Range } from "etcd-web";
import { useEtcd } from "etcd-web/react";
import { History } from "lucide-react";
import { useMemo, useState } from "react";
import { usePanelParam } from "../../route/use-route.ts";
import { countOf } from "../../text/format.ts";
import { parseKey } from "../../text/key-text.ts";
import { tryParse } from "../../text/typed-key.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { EmptyState, FailureNote, Note } from "../../ui/notes.tsx";
import { PanelPage } from "../../ui/panel-page.tsx";
import { SplitPane } from "../../ui/split-pane.tsx";
import { Segmented } from "../../ui/toggles.tsx";
import { toKeyId } from "../keys/key-id.ts";
import { EntryDetail } from "./entry-detail.tsx";
import { EntryList } from "./entry-list.tsx";
import type { Entry } from "./history-log.ts";
import { useHistory } from "./use-history.ts";
import "./history.css";

/** What a key, or all keys of a prefix, have been, back to the last compaction. */
export function Panel() {
  const etcd = useEtcd();
  const [key] = usePanelParam("key");
  const [prefix, setPrefix] = usePanelParam("prefix");
  const [, setKey] = usePanelParam("key");
  const [at, setAt] = usePanelParam("revision");
  const range = useMemo(() => rangeOf(key, prefix), [key, prefix]);
  const { log, failure } = useHistory(etcd, range);
  const newestFirst = useMemo(() => log.entries.toReversed(), [log]);
  const [selectedIndex, setSelectedIndex] = useState<number>();
  const selected =
    newestFirst.find(({ index }) => index === selectedIndex) ??
    newestFirst.find(({ revision }) => revision.toString() === at);

  function select(entry: Entry): void {
    setSelectedIndex(entry.index);
    setAt(entry.revision.toString());
  }

  const list = (
    <>
      <RangeForm
        key={`${key} ${prefix}`}
        initialKind={key === "" && prefix !== "" ? "prefix" : "key"}
        initialText={key || prefix}
        onRead={(kind, text) => {
          setAt(undefined);
          setKey(kind === "key" ? text : undefined);
          setPrefix(kind === "prefix" ? text : undefined);
        }}
      />
      {failure && (
        <div className="history-note">
          <FailureNote failure={failure} />
        </div>
      )}
      {log.beginsAt > 1n && (
        <div className="history-note">
          <Note>History begins at revision {log.beginsAt.toString()}: what came before has been compacted.</Note>
        </div>
      )}
      {log.phase === "live" && newestFirst.length === 0 && (
        <EmptyState icon={History} title="Nothing has happened here">
          {log.beginsAt > 1n ? "Not since the last compaction, at least." : "No such key has ever been put."}
        </EmptyState>
      )}
      <EntryList entries={newestFirst} selected={selected} onSelect={select} showKeys={key === ""} />
    </>
  );

  return (
    <PanelPage
      title="History"
      layout="full"
      meta={
        range && (
          <>
            <span>{log.phase === "reading" ? "Reading…" : countOf(newestFirst.length, "entry", "entries")}</span>
            {log.isCut && <span>only the latest are kept here</span>}
          </>
        )
      }
    >
      <SplitPane
        name="history"
        initial={36}
        shown={selected === undefined ? "first" : "second"}
        first={<section className="history-list">{list}</section>}
        second={
          selected === undefined ? (
            <EmptyState icon={History} title="No revision is chosen">
              Choose one to see what it changed, to compare it with any other, and to go back to it.
            </EmptyState>
          ) : (
            <EntryDetail
              key={selected.index}
              onBack={() => {
                setSelectedIndex(undefined);
                setAt(undefined);
              }}
              entry={selected}
              others={sameKey(newestFirst, selected)}
              range={key === "" ? range : undefined}
              beginsAt={log.beginsAt}
            />
          )
        }
      />
    </PanelPage>
  );
}

interface RangeFormProps {
  readonly initialKind: "key" | "prefix";
  readonly initialText: string;
  readonly onRead: (kind: "key" | "prefix", text: string) => void;
}

function RangeForm({ initialKind, initialText, onRead }: RangeFormProps) {
  const [kind, setKind] = useState(initialKind);
  const [text, setText] = useState(initialText);
  const [parsed, fault] = tryParse(text);
  return (
    <form
      className="history-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (parsed !== undefined) onRead(kind, text);
      }}
    >
      <Segmented
        label="History of"
        value={kind}
        onChange={setKind}
        choices={[
          { id: "key", label: "Key" },
          { id: "prefix", label: "Prefix" },
        ]}
      />
      <TextField
        className="history-text"
        label={kind === "key" ? "Key" : "Prefix"}
        hideLabel
        mono
        value={text}
        onChange={setText}
        error={fault}
        placeholder={kind === "key" ? "config/theme" : "config/"}
      />
      <Button type="submit" isDisabled={parsed === undefined}>
        Read
      </Button>
    </form>
  );
}

function rangeOf(key: string, prefix: string): Range | undefined {
  if (tryParse(key)[0] !== undefined) return { key: parseKey(key) };
  return tryParse(prefix)[0] === undefined ? undefined : { prefix: parseKey(prefix) };
}

function sameKey(entries: readonly Entry[], { key }: Entry): readonly Entry[] {
  const id = toKeyId(key);
  return entries.filter((entry) => toKeyId(entry.key) === id);
}
