import { onDemand } from "../ui/on-demand.tsx";

export const { open: openConnections, Host: ConnectionsHost } = onDemand(
  async () => (await import("./connections-dialog.tsx")).ConnectionsDialog,
);
