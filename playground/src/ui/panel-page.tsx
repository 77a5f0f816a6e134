import type { ReactNode } from "react";
import "./panel-page.css";

/** A panel's frame: its title, its tools, and what it shows, which scrolls by itself. */
export function PanelPage(props: {
  readonly title: string;
  /** Beside the title: counts, a revision. */
  readonly meta?: ReactNode;
  /** Buttons and fields, at the right. */
  readonly tools?: ReactNode;
  /** `padded`: text and forms. `full`: lists and panes, up to the edge. */
  readonly layout?: "padded" | "full";
  readonly children: ReactNode;
}) {
  const { title, meta, tools, layout = "padded", children } = props;
  return (
    <div className="panel-page">
      <header className="panel-head">
        <h1>{title}</h1>
        {meta && <div className="panel-meta">{meta}</div>}
        {tools && <div className="panel-tools">{tools}</div>}
      </header>
      <div className={`panel-body ${layout}`}>{children}</div>
    </div>
  );
}

/** A titled part of a padded panel. */
export function Section(props: { readonly title: string; readonly tools?: ReactNode; readonly children: ReactNode }) {
  return (
    <section className="section" aria-label={props.title}>
      <header className="section-head">
        <h2>{props.title}</h2>
        {props.tools}
      </header>
      {props.children}
    </section>
  );
}
