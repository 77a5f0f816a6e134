import { Users } from "lucide-react";
import type { PanelInfo } from "../panel.ts";

export const panel: PanelInfo = {
  title: "Users",
  summary: "Users, roles and permissions",
  icon: Users,
  group: "cluster",
  order: 2,
  shortcut: "u",
  load: () => import("./users-panel.tsx"),
};
