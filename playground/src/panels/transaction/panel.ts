import { GitCompareArrows } from "lucide-react";
import type { PanelInfo } from "../panel.ts";

export const panel: PanelInfo = {
  title: "Transaction",
  summary: "Compare, then do several things at once or others",
  icon: GitCompareArrows,
  group: "data",
  order: 4,
  shortcut: "x",
  load: () => import("./transaction-panel.tsx"),
};
