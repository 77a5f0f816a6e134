import { Code, MoreHorizontal, RotateCcw, X } from "lucide-react";
import { useState } from "react";
import { countOf } from "../../text/format.ts";
import { IconButton } from "../../ui/button.tsx";
import { CodeDialog } from "../../ui/code-block.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Badge } from "../../ui/notes.tsx";
import type { WatchState } from "./board.ts";
import { codeOf, titleOf, type WatchSpec } from "./spec.ts";
import type { Watching } from "./use-board.ts";
import { WatchForm } from "./watch-form.tsx";

/** The watches: what each is for, and how far it has come. */
export function WatchList({ watching }: { readonly watching: Watching }) {
  return (
    <ul className="watch-list" aria-label="Watches">
      {watching.watches.map((watch) => (
        <WatchItem key={watch.id} watch={watch} watching={watching} />
      ))}
    </ul>
  );
}

function WatchItem({ watch, watching }: { readonly watch: WatchState; readonly watching: Watching }) {
  const { id, spec, failure, compactRevision } = watch;
  const [dialog, setDialog] = useState<"code" | "form">();
  const [from, setFrom] = useState<WatchSpec>(spec);
  function again(revision: bigint | undefined): void {
    setFrom({ ...spec, from: revision?.toString() ?? "" });
    setDialog("form");
  }
  return (
    <li className="watch-item" data-failed={failure !== undefined}>
      <WatchTag id={id} />
      <span className="watch-title mono">{titleOf(spec)}</span>
      <span className="muted number">{progressOf(watch)}</span>
      {spec.only !== "" && <Badge>{spec.only}s only</Badge>}
      {failure && (
        <span className="watch-failure" role="alert">
          {failure.sentence} <code>{failure.code}</code>
        </span>
      )}
      <span className="watch-item-tools">
        <Menu
          label={`Watch of ${titleOf(spec)}`}
          trigger={<IconButton icon={MoreHorizontal} label={`More for ${titleOf(spec)}`} />}
          actions={[
            {
              id: "again",
              label: "Watch again from a revision…",
              icon: RotateCcw,
              run: () => again(compactRevision ?? watch.first),
            },
            { id: "code", label: "Copy as code…", icon: Code, run: () => setDialog("code") },
          ]}
        />
        <IconButton icon={X} label={`Stop watching ${titleOf(spec)}`} onPress={() => watching.remove(id)} />
      </span>
      {dialog === "form" && (
        <WatchForm initial={from} onClose={() => setDialog(undefined)} onWatch={(next) => watching.replace(id, next)} />
      )}
      <CodeDialog code={codeOf(spec)} isOpen={dialog === "code"} onClose={() => setDialog(undefined)} />
    </li>
  );
}

function progressOf({ first, last, events, failure }: WatchState): string {
  if (failure) return countOf(events, "event");
  if (first === undefined) return "opening…";
  return last === undefined ? `from revision ${first}` : `${countOf(events, "event")}, at revision ${last}`;
}

/** A watch by its number; its colour is only a help. */
export function WatchTag({ id }: { readonly id: number }) {
  return (
    <span className="watch-tag" data-hue={id % 6}>
      {id}
    </span>
  );
}
