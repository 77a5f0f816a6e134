import { type ReactNode, useId } from "react";

interface PanelProps {
  readonly name: string;
  readonly title: string;
  /** Beside the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A titled part of the page. */
export function Panel({ name, title, aside, children }: PanelProps) {
  const heading = useId();
  return (
    <section className={`panel ${name}`} aria-labelledby={heading}>
      <div className="panel-head">
        <h2 id={heading}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
