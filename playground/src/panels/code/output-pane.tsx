import { Eraser, SquareTerminal } from "lucide-react";
import { useEffect, useRef } from "react";
import { IconButton } from "../../ui/button.tsx";
import { Badge, EmptyState, type Tone } from "../../ui/notes.tsx";
import type { OutputLine, RunState } from "./use-run.ts";

const phases: Readonly<Record<RunState["phase"], readonly [tone: Tone, word: string]>> = {
  ready: ["plain", "Ready"],
  running: ["note", "Running"],
  done: ["good", "Done"],
  failed: ["bad", "Failed"],
  stopped: ["wait", "Stopped"],
};

/** What the code says, the newest in sight unless somebody scrolled up. */
export function OutputPane({ state, onClear }: { readonly state: RunState; readonly onClear: () => void }) {
  const { phase, lines } = state;
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  const last = lines.at(-1)?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each new line
  useEffect(() => {
    if (atEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [last]);
  const [tone, word] = phases[phase];
  return (
    <section className="code-output" aria-label="Output">
      <header className="code-output-head">
        <h2>Output</h2>
        <span role="status">
          <Badge tone={tone}>{word}</Badge>
        </span>
        <IconButton icon={Eraser} label="Clear the output" onPress={onClear} isDisabled={lines.length === 0} />
      </header>
      {lines.length === 0 ? (
        <EmptyState
          icon={SquareTerminal}
          title={phase === "running" ? "Nothing yet" : "What your code prints appears here"}
        >
          It runs by itself, in a sandbox that reaches this etcd and nothing else.
        </EmptyState>
      ) : (
        <ol
          ref={list}
          className="code-lines mono"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
          tabIndex={0}
          aria-label="Lines"
          onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
            atEnd.current = scrollTop + clientHeight > scrollHeight - 8;
          }}
        >
          {lines.map((line) => (
            <Line key={line.id} line={line} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Line({ line: { tone, text, at } }: { readonly line: OutputLine }) {
  return (
    <li className="code-line" data-line={tone}>
      <time className="muted">{at.toFixed(2)} s</time>
      <pre>{text}</pre>
    </li>
  );
}
