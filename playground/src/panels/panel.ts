import type { LucideIcon } from "lucide-react";
import type { ComponentType } from "react";

/** A line of metadata; what it shows is loaded when it is opened. */
export interface PanelInfo {
  readonly title: string;
  /** What one does there, in a few words: for the palette and the tooltip. */
  readonly summary: string;
  readonly icon: LucideIcon;
  readonly group: PanelGroup;
  /** Its place in the sidebar, within the group. */
  readonly order: number;
  /** After G: "k" is opened by G, then K. */
  readonly shortcut?: string;
  /** Shown also while there is no connection, and without one in reach. Default false. */
  readonly standsAlone?: boolean;
  /** The module that exports `Panel`. */
  readonly load: () => Promise<{ readonly Panel: ComponentType }>;
}

export const panelGroups = ["data", "coordination", "cluster", "learn"] as const;

export type PanelGroup = (typeof panelGroups)[number];
