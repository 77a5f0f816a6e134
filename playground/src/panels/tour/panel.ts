import { Compass } from "lucide-react";
import type { PanelInfo } from "../panel.ts";

export const panel: PanelInfo = {
  title: "Tour",
  summary: "etcd in ten steps, for whoever has never seen it",
  icon: Compass,
  group: "learn",
  order: 1,
  shortcut: "t",
  load: () => import("./tour-panel.tsx"),
};
