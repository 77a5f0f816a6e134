import { KeyRound } from "lucide-react";
import type { PanelInfo } from "../panel.ts";

export const panel: PanelInfo = {
  title: "Keys",
  summary: "Browse, find, edit and delete keys",
  icon: KeyRound,
  group: "data",
  order: 1,
  shortcut: "k",
  load: () => import("./keys-panel.tsx"),
};
