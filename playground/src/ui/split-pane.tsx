import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from "react";
import "./split-pane.css";

export interface SplitPaneProps {
  /** Under which its width is kept for the next visit. */
  readonly name: string;
  readonly first: ReactNode;
  readonly second: ReactNode;
  /** Of the first pane, in per cent. */
  readonly initial?: number;
  /** On a small screen only one is shown. */
  readonly shown?: "first" | "second";
}

const least = 15;
const most = 85;
const step = 2;

/** Two panes side by side with a bar between, moved by pointer or arrow keys. */
export function SplitPane({ name, first, second, initial = 40, shown = "first" }: SplitPaneProps) {
  const item = `etcd-web-playground-split-${name}`;
  const [share, setShare] = useState(() => Number(localStorage.getItem(item)) || initial);
  const whole = useRef<HTMLDivElement>(null);

  function move(next: number): void {
    const kept = Math.min(most, Math.max(least, next));
    setShare(kept);
    localStorage.setItem(item, String(Math.round(kept)));
  }

  function drag(event: PointerEvent): void {
    const box = whole.current?.getBoundingClientRect();
    if (box && event.currentTarget.hasPointerCapture(event.pointerId))
      move(((event.clientX - box.left) / box.width) * 100);
  }

  function press(event: KeyboardEvent): void {
    const next = { ArrowLeft: share - step, ArrowRight: share + step, Home: least, End: most }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    move(next);
  }

  return (
    <div ref={whole} className="split" data-shown={shown} style={{ "--share": `${share}%` }}>
      <div className="split-first">{first}</div>
      {/* biome-ignore lint/a11y/useSemanticElements: <hr> cannot be moved */}
      <div
        className="split-bar"
        role="separator"
        aria-orientation="vertical"
        aria-label="Width of the list"
        aria-valuenow={Math.round(share)}
        aria-valuemin={least}
        aria-valuemax={most}
        tabIndex={0}
        onKeyDown={press}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onDoubleClick={() => move(initial)}
      />
      <div className="split-second">{second}</div>
    </div>
  );
}
