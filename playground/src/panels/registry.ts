import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import { type PanelInfo, panelGroups } from "./panel.ts";

/** A panel, by the name of its folder: `#/name`. */
export interface Panel extends PanelInfo {
  readonly name: string;
  readonly Component: LazyExoticComponent<ComponentType>;
}

// A folder with a panel.ts is a panel: no list to keep.
const infos = import.meta.glob<{ readonly panel: PanelInfo }>("./*/panel.ts", { eager: true });

/** In the order of the sidebar. */
export const panels: readonly Panel[] = Object.entries(infos)
  .map(([path, { panel }]) => toPanel(path.split("/")[1] ?? "", panel))
  .toSorted((a, b) => rank(a) - rank(b));

export function findPanel(name: string | undefined): Panel | undefined {
  return panels.find((panel) => panel.name === name);
}

function toPanel(name: string, info: PanelInfo): Panel {
  const Component = lazy(async () => ({ default: (await info.load()).Panel }));
  return { ...info, name, Component };
}

function rank({ group, order }: PanelInfo): number {
  return panelGroups.indexOf(group) * 1_000 + order;
}
