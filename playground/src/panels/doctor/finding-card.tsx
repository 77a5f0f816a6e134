import type { Finding, Level } from "etcd-web/doctor";
import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import { CodeBlock } from "../../ui/code-block.tsx";

const icons: Readonly<Record<Level, LucideIcon>> = {
  ok: CircleCheck,
  note: Info,
  warning: TriangleAlert,
  fault: CircleAlert,
};
const tones = { ok: "good", note: "note", warning: "wait", fault: "bad" } as const;
const words = { ok: "As it should be", note: "Worth knowing", warning: "Warning", fault: "Fault" } as const;

/** One thing that was looked at. */
export function FindingCard({ finding: { check, code, level, seen, means, fixes } }: { readonly finding: Finding }) {
  const Icon = icons[level];
  return (
    <li className="doctor-finding" data-tone={tones[level]} data-level={level}>
      <Icon role="img" aria-label={words[level]} />
      <div>
        <p>
          {seen}. <span className="muted doctor-check">{code === "ok" ? check : `${check}: ${code}`}</span>
        </p>
        {means && <p className="muted">{means}</p>}
        {fixes.map(({ of, where, lines }) => (
          <div key={`${of} ${where}`} className="doctor-fix">
            <p>
              <strong>{of}</strong>, {where}:
            </p>
            <CodeBlock code={lines.join("\n")} label={`For ${of}`} />
          </div>
        ))}
      </div>
    </li>
  );
}
