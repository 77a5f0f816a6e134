import { useEffect, useRef, useState } from "react";
import { useConnection } from "../../connection/use-connection.ts";
import { wordsOf } from "../../text/words-of.ts";
import type { Run } from "./run.ts";
import type { Said, Tone } from "./sandbox/messages.ts";

/** What the code has said, for the screen. */
export interface OutputLine {
  readonly id: number;
  readonly tone: Tone | "item" | "failed" | "note";
  readonly text: string;
  /** Seconds since it began. */
  readonly at: number;
}

export interface RunState {
  readonly phase: "ready" | "running" | "done" | "failed" | "stopped";
  readonly lines: readonly OutputLine[];
}

/** Older lines go. */
const mostLines = 2_000;
const showEveryMs = 30;

/** Runs code, one at a time, and gathers what it says. */
export function useRun() {
  const { etcd } = useConnection();
  const [state, setState] = useState<RunState>({ phase: "ready", lines: [] });
  const running = useRef<{ readonly run: Run; readonly show: () => void }>(undefined);
  /** What was asked for last: while the compiler is loaded, somebody may have stopped. */
  const asked = useRef(0);

  function end(phase: RunState["phase"]): void {
    asked.current++;
    running.current?.show();
    running.current?.run.stop();
    running.current = undefined;
    setState((before) => ({ ...before, phase }));
  }

  async function start(code: string): Promise<void> {
    end("running");
    setState({ phase: "running", lines: [] });
    const turn = asked.current;
    const begun = performance.now();
    let waiting: OutputLine[] = [];
    let made = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const add = (tone: OutputLine["tone"], text: string): void => {
      waiting.push({ id: made++, tone, text, at: (performance.now() - begun) / 1_000 });
      timer ??= setTimeout(show, showEveryMs);
    };
    const show = (): void => {
      clearTimeout(timer);
      timer = undefined;
      const next = waiting;
      waiting = [];
      setState((before) => ({ ...before, lines: [...before.lines, ...next].slice(-mostLines) }));
      running.current?.run.shown(next.length);
    };
    const hear = (said: Said): void => {
      if (said.kind === "line") add(said.tone, said.text);
      else if (said.kind === "item") add("item", said.text);
      else if (said.kind === "left-out") add("note", `${said.count} lines came too fast and were left out.`);
      else if (said.kind === "done") end("done");
      else {
        add("failed", said.line === undefined ? said.text : `${said.text}\n    in line ${said.line}`);
        end("failed");
      }
    };
    try {
      const [{ compile }, { startRun }] = await Promise.all([import("./compile.ts"), import("./run.ts")]);
      if (turn !== asked.current) return;
      running.current = { run: startRun(compile(code), etcd.transport, hear), show };
    } catch (error) {
      add("failed", wordsOf(error));
      show();
      end("failed");
    }
  }

  // It ends with the panel.
  useEffect(
    () => () => {
      asked.current++;
      running.current?.run.stop();
    },
    [],
  );

  return {
    ...state,
    start: (code: string): void => void start(code),
    stop: (): void => end("stopped"),
    clear: (): void => setState((before) => ({ ...before, lines: [] })),
  };
}
