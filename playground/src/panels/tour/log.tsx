import { useEffect, useRef, useSyncExternalStore } from "react";
import type { Stage } from "./stage.ts";

/** What has happened, the newest last. */
export function Log({ stage }: { readonly stage: Stage }) {
  const lines = useSyncExternalStore(stage.subscribe, stage.lines);
  const status = useSyncExternalStore(stage.subscribe, stage.status);
  const end = useRef<HTMLLIElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever there is more to see
  useEffect(() => {
    end.current?.scrollIntoView({ block: "nearest" });
  }, [lines, status]);
  return (
    <section className="tour-log" aria-label="What happened">
      <h3>What happened</h3>
      <ol role="log">
        {lines.length === 0 && <li className="muted">Nothing yet.</li>}
        {lines.map(({ id, kind, text }) => (
          <li key={id} data-kind={kind}>
            {kind === "did" ? <code>{text}</code> : text}
          </li>
        ))}
        <li ref={end} className="tour-now" data-kind="now">
          {status}
        </li>
      </ol>
    </section>
  );
}
