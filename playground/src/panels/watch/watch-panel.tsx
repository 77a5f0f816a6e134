import { Eraser, Pause, Play, Plus, Radio, Unplug } from "lucide-react";
import { useState } from "react";
import { countOf } from "../../text/format.ts";
import { keyText, utf8 } from "../../text/key-text.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { EmptyState } from "../../ui/notes.tsx";
import { PanelPage } from "../../ui/panel-page.tsx";
import type { BoardState, Row } from "./board.ts";
import { EventDetail } from "./event-detail.tsx";
import { EventList } from "./event-list.tsx";
import { anything } from "./spec.ts";
import { useBoard, type Watching } from "./use-board.ts";
import { WatchForm } from "./watch-form.tsx";
import { WatchList } from "./watch-list.tsx";
import "./watch.css";

/** Watches, and what they bring. */
export function Panel() {
  const watching = useBoard();
  const { watches, rows, board } = watching;
  const [adding, setAdding] = useState(false);
  const [filter, setFilter] = useState("");
  const [selected, setSelected] = useState<number>();
  const shown = filter === "" ? rows : rows.filter((row) => row.kind === "mark" || matches(row, filter));
  const row = rows.find(({ id }) => id === selected);
  return (
    <PanelPage
      title="Watch"
      layout="full"
      meta={watches.length > 0 && <Meta state={watching} shown={shown.filter(({ kind }) => kind === "event").length} />}
      tools={<Tools watching={watching} onAdd={() => setAdding(true)} />}
    >
      {watches.length === 0 && rows.length === 0 ? (
        <EmptyState
          icon={Radio}
          title="Nothing is watched"
          actions={
            <>
              <Button kind="primary" icon={Radio} onPress={() => watching.add(anything)}>
                Watch every key
              </Button>
              <Button icon={Plus} onPress={() => setAdding(true)}>
                Watch…
              </Button>
            </>
          }
        >
          A watch brings every change of its keys, in order, each once, also across a lost connection. Cut it and see.
        </EmptyState>
      ) : (
        <div className="watch-body">
          <WatchList watching={watching} />
          <div className="watch-filter">
            <TextField
              label="Filter events"
              hideLabel
              type="search"
              placeholder="Filter by key or value"
              value={filter}
              onChange={setFilter}
            />
            <IconButton
              icon={Eraser}
              label="Clear the events"
              onPress={() => board.clear()}
              isDisabled={rows.length === 0}
            />
          </div>
          <EventList rows={shown} selected={selected} onSelect={setSelected} />
          {row && <EventDetail row={row} onClose={() => setSelected(undefined)} />}
        </div>
      )}
      {adding && <WatchForm onClose={() => setAdding(false)} onWatch={watching.add} />}
    </PanelPage>
  );
}

function Tools({ watching, onAdd }: { readonly watching: Watching; readonly onAdd: () => void }) {
  const { board, paused, held, isCut, watches } = watching;
  const idle = watches.length === 0;
  return (
    <>
      {isCut ? (
        <Button icon={Unplug} kind="primary" onPress={() => board.mend()}>
          Connect again
        </Button>
      ) : (
        <Button icon={Unplug} onPress={() => board.cut()} isDisabled={idle}>
          Cut the connection
        </Button>
      )}
      {paused ? (
        <Button icon={Play} kind="primary" onPress={() => board.resume()}>
          {held === 0 ? "Go on" : `Go on (${held})`}
        </Button>
      ) : (
        <Button icon={Pause} onPress={() => board.pause()} isDisabled={idle}>
          Pause
        </Button>
      )}
      <Button icon={Plus} onPress={onAdd}>
        Watch…
      </Button>
    </>
  );
}

function Meta({ state, shown }: { readonly state: BoardState; readonly shown: number }) {
  const { rows, connection, isCut } = state;
  const all = rows.filter(({ kind }) => kind === "event").length;
  const tone = connection === "live" ? "good" : connection === "closed" ? "bad" : "wait";
  return (
    <>
      <span className="watch-state" data-health={tone} role="status">
        <span className="dot" />
        {isCut ? "cut" : connection}
      </span>
      <span>{shown === all ? countOf(all, "event") : `${shown} of ${countOf(all, "event")}`}</span>
    </>
  );
}

function matches(row: Extract<Row, { kind: "event" }>, filter: string): boolean {
  const { kv, prevKv, type } = row.event;
  const value = type === "put" ? row.event.kv.value : prevKv?.value;
  const wanted = filter.toLowerCase();
  if (keyText(kv.key).toLowerCase().includes(wanted)) return true;
  return value !== undefined && (utf8(value)?.toLowerCase().includes(wanted) ?? false);
}
