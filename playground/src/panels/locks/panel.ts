import { LockKeyhole } from "lucide-react";
import type { PanelInfo } from "../panel.ts";

export const panel: PanelInfo = {
  title: "Leases and locks",
  summary: "Let clients contend for a lock or an office, and kill one",
  icon: LockKeyhole,
  group: "coordination",
  order: 1,
  shortcut: "l",
  load: () => import("./locks-panel.tsx"),
};
