import { useEffect, useState } from "react";
import type { ContenderState, Phase, Span } from "./contender.ts";

const windowMs = 60_000;
const drawEveryMs = 200;

const phaseWords: Readonly<Record<Phase, string>> = {
  away: "away",
  waiting: "waits",
  holding: "holds it",
  killed: "killed, its lease goes on",
  gone: "lease has run out",
};

/** The last minute, a lane a client; now is at the right. */
export function TimeLine({ contenders }: { readonly contenders: readonly ContenderState[] }) {
  const now = useNow();
  return (
    <figure className="time-line">
      <div
        className="time-lanes"
        role="img"
        aria-label="Who held it, over the last minute: the log says the same in words"
      >
        {contenders.map(({ name, spans }) => (
          <div key={name} className="time-lane">
            <span className="time-name">{name}</span>
            <div className="time-track">
              {spans
                .filter(({ to }) => to === undefined || to > now - windowMs)
                .map((span) => (
                  <TimeSpan key={span.from} span={span} now={now} />
                ))}
            </div>
          </div>
        ))}
        <div className="time-axis" aria-hidden="true">
          {[60, 45, 30, 15, 0].map((seconds) => (
            <span key={seconds}>{seconds === 0 ? "now" : `−${seconds} s`}</span>
          ))}
        </div>
      </div>
      <figcaption className="time-legend">
        {(["waiting", "holding", "killed", "gone"] as const).map((phase) => (
          <span key={phase}>
            <i className="time-swatch" data-phase={phase} />
            {phaseWords[phase]}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function TimeSpan({
  span: { phase, from, to = Number.POSITIVE_INFINITY },
  now,
}: {
  readonly span: Span;
  readonly now: number;
}) {
  const percent = (time: number): number => Math.max(0, 100 - ((now - Math.min(time, now)) / windowMs) * 100);
  const left = percent(from);
  return (
    <span
      className="time-span"
      data-phase={phase}
      style={{ left: `${left}%`, width: `${Math.max(0.2, percent(to) - left)}%` }}
    />
  );
}

function useNow(): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), drawEveryMs);
    return () => clearInterval(timer);
  }, []);
  return now;
}
