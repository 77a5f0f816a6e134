import { useEffect, useRef, useSyncExternalStore } from "react";
import type { Stage } from "./stage.ts";

/** What has happened, the newest last. */
export function Log({ stage }: { readonly stage: Stage }) {
  const lines = useSyncExternalStore(stage.subscribe, stage.lines);
  const status = useSyncExternalStore(stage.subscribe, stage.status);
  const end = useRef<HTMLParagraphElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever there is more to see
  useEffect(() => {
    end.current?.scrollIntoView({ block: "nearest" });
  }, [lines, status]);
  return (
    <section className="tour-log" aria-label="What happened">
      <h3>What happened</h3>
      <div className="tour-scroll" role="log">
        {lines.length === 0 && <p className="muted">Nothing yet.</p>}
        <ol>
          {lines.map(({ id, kind, text }) => (
            <li key={id} data-kind={kind}>
              {kind === "did" ? <code>{text}</code> : text}
            </li>
          ))}
        </ol>
        <p ref={end} className="tour-now">
          {status}
        </p>
      </div>
    </section>
  );
}
