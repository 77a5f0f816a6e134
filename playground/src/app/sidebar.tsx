import { type PanelGroup, panelGroups } from "../panels/panel.ts";
import { type Panel, panels } from "../panels/registry.ts";
import { panelHref } from "../route/router.ts";
import { useRoute } from "../route/use-route.ts";

const groupTitles: Readonly<Record<PanelGroup, string>> = {
  data: "Data",
  coordination: "Coordination",
  cluster: "Cluster",
  learn: "Learn",
};

/** The panels, as links: they can be opened in another tab, and copied. */
export function Sidebar({ current, onOpen }: { readonly current: Panel | undefined; readonly onOpen: () => void }) {
  useRoute(); // The links hold the connection that the URL names.
  return (
    <nav className="sidebar" aria-label="Panels" id="panels">
      {panelGroups.map((group) => {
        const members = panels.filter((panel) => panel.group === group);
        return members.length === 0 ? null : (
          <div key={group} className="nav-group">
            <h2>{groupTitles[group]}</h2>
            <ul>
              {members.map((panel) => (
                <li key={panel.name}>
                  <PanelLink panel={panel} isCurrent={panel === current} onOpen={onOpen} />
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}

function PanelLink(props: { readonly panel: Panel; readonly isCurrent: boolean; readonly onOpen: () => void }) {
  const { name, title, summary, icon: Icon } = props.panel;
  return (
    <a
      className="nav-link"
      href={panelHref(name)}
      title={summary}
      aria-current={props.isCurrent ? "page" : undefined}
      onClick={props.onOpen}
    >
      <Icon aria-hidden="true" />
      {title}
    </a>
  );
}
