import { onDemand } from "../ui/on-demand.tsx";

export const {
  open: openPalette,
  toggle: togglePalette,
  Host: PaletteHost,
} = onDemand(async () => (await import("./palette.tsx")).Palette);
