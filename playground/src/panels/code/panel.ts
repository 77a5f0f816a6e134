import { SquareTerminal } from "lucide-react";
import type { PanelInfo } from "../panel.ts";

export const panel: PanelInfo = {
  title: "Code",
  summary: "Run TypeScript against this etcd",
  icon: SquareTerminal,
  group: "learn",
  order: 2,
  shortcut: "e",
  load: () => import("./code-panel.tsx"),
};
