import { ArrowDownUp } from "lucide-react";
import type { PanelInfo } from "../panel.ts";

export const panel: PanelInfo = {
  title: "Import and export",
  summary: "Keys under a prefix, to JSON and back",
  icon: ArrowDownUp,
  group: "data",
  order: 8,
  shortcut: "i",
  load: () => import("./transfer-panel.tsx"),
};
