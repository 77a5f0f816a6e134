import { Stethoscope } from "lucide-react";
import type { PanelInfo } from "../panel.ts";

export const panel: PanelInfo = {
  title: "Doctor",
  summary: "What is wrong with the way to etcd, and which line mends it",
  icon: Stethoscope,
  group: "cluster",
  order: 3,
  shortcut: "d",
  load: () => import("./doctor-panel.tsx"),
};
