import { Server } from "lucide-react";
import type { PanelInfo } from "../panel.ts";

export const panel: PanelInfo = {
  title: "Cluster",
  summary: "Members, status, alarms, compaction, snapshots",
  icon: Server,
  group: "cluster",
  order: 1,
  shortcut: "c",
  load: () => import("./cluster-panel.tsx"),
};
