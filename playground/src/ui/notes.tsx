import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import type { Failure } from "../text/failure.ts";
import "./notes.css";

/** A word with a colour. */
export function Badge({ tone = "plain", children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return (
    <span className="badge" data-tone={tone}>
      {children}
    </span>
  );
}

export type Tone = "plain" | "note" | "good" | "wait" | "bad";

/** What is shown where there is nothing yet: what would be here, and how to begin. */
export function EmptyState(props: {
  readonly icon?: LucideIcon;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  const { icon: Icon, title, children, actions } = props;
  return (
    <div className="empty-state">
      {Icon && <Icon aria-hidden="true" />}
      <h3>{title}</h3>
      {children && <div className="muted">{children}</div>}
      {actions && <div className="empty-actions">{actions}</div>}
    </div>
  );
}

/** What went wrong, read out at once, with what can be done about it. */
export function FailureNote({ failure, children }: { readonly failure: Failure; readonly children?: ReactNode }) {
  return (
    <div className="note-box" data-tone="bad" role="alert">
      <p>
        {failure.sentence} <code className="code">{failure.code}</code>
      </p>
      {children}
    </div>
  );
}

/** A remark that stays. */
export function Note({ tone = "note", children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return (
    <div className="note-box" data-tone={tone}>
      {children}
    </div>
  );
}
