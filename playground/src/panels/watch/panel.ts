import { Radio } from "lucide-react";
import type { PanelInfo } from "../panel.ts";

export const panel: PanelInfo = {
  title: "Watch",
  summary: "See changes as they happen, and that none is lost",
  icon: Radio,
  group: "data",
  order: 3,
  shortcut: "w",
  load: () => import("./watch-panel.tsx"),
};
