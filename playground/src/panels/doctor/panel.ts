import { Stethoscope } from "lucide-react";
import type { PanelInfo } from "../panel.ts";

export const panel: PanelInfo = {
  title: "Doctor",
  summary: "Look at the way to etcd, and what mends it",
  icon: Stethoscope,
  group: "cluster",
  order: 90,
  shortcut: "d",
  load: () => import("./doctor-panel.tsx"),
};
