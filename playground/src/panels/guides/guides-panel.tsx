import { type ReactNode, useEffect, useRef } from "react";
import { panelHref } from "../../route/router.ts";
import { useRoute } from "../../route/use-route.ts";
import { PanelPage } from "../../ui/panel-page.tsx";
import { contents, findGuide, type Guide, guides, targetOf } from "./guides.ts";
import { headingId } from "./headings.ts";
import { Markdown } from "./markdown.tsx";
import "./guides.css";

/** The guides of the repository, for whoever has only the page. */
export function Panel() {
  const [name = contents.name, heading] = useRoute().page?.split("/") ?? [];
  const guide = findGuide(name);
  const shown = guide ?? contents;
  useArrival(shown, heading);
  return (
    <PanelPage title="Guides" layout="full">
      <div className="guides">
        <nav className="guide-list" aria-label="Guides">
          <ul>
            {[contents, ...guides].map((each) => (
              <li key={each.name}>
                <a href={hrefOf(each.name)} aria-current={each === shown ? "page" : undefined}>
                  {each === contents ? "Contents" : each.title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <article className="guide" key={shown.name}>
          {guide === undefined && <p role="alert">There is no guide "{name}". These are there:</p>}
          <Markdown text={shown.markdown} renderLink={(href, children) => linkOf(href, children, shown)} />
        </article>
      </div>
    </PanelPage>
  );
}

/** Where a link led to is at the top and has the focus; but not what the page was opened with. */
function useArrival(guide: Guide, heading: string | undefined): void {
  const isFirst = useRef(true);
  useEffect(() => {
    const wanted = document.getElementById(`guide-${heading ?? headingId(guide.title)}`);
    if (heading !== undefined || !isFirst.current) wanted?.scrollIntoView();
    if (!isFirst.current) wanted?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [guide, heading]);
}

function linkOf(href: string, children: ReactNode, guide: Guide): ReactNode {
  const target = targetOf(href, guide);
  if (target.kind === "guide") return <a href={hrefOf(target.page)}>{children}</a>;
  if (target.kind === "url") {
    return (
      <a href={target.url} target="_blank" rel="noreferrer">
        {children}
      </a>
    );
  }
  return (
    <>
      {children} (<code>{target.path}</code>)
    </>
  );
}

function hrefOf(page: string): string {
  return panelHref("guides", {}, page === contents.name ? undefined : page);
}
