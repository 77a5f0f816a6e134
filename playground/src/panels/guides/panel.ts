import { BookText } from "lucide-react";
import type { PanelInfo } from "../panel.ts";

export const panel: PanelInfo = {
  title: "Guides",
  summary: "How it is done: a proxy, security, React, Workers, locks, tests, errors",
  icon: BookText,
  group: "learn",
  order: 3,
  shortcut: "g",
  standsAlone: true, // what to do where there is no connection stands in them
  load: () => import("./guides-panel.tsx"),
};
