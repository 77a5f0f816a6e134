import { History } from "lucide-react";
import type { PanelInfo } from "../panel.ts";

export const panel: PanelInfo = {
  title: "History",
  summary: "See what keys have been, compare, and restore",
  icon: History,
  group: "data",
  order: 2,
  shortcut: "h",
  load: () => import("./history-panel.tsx"),
};
