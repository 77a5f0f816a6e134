import { useState } from "react";
import { ConnectionsHost } from "../connection/connections-host.tsx";
import { useCurrentConnection } from "../connection/use-connection.ts";
import { findPanel, panels } from "../panels/registry.ts";
import { useRoute } from "../route/use-route.ts";
import { ConfirmHost } from "../ui/confirm.tsx";
import { ToastHost } from "../ui/toast.tsx";
import { PaletteHost } from "./palette-host.tsx";
import { PanelFrame } from "./panel-frame.tsx";
import { Sidebar } from "./sidebar.tsx";
import { TopBar } from "./top-bar.tsx";
import { useShortcuts } from "./use-shortcuts.ts";
import "./app.css";

/** The page: which etcd, which panels there are, and the one that is open. */
export function App() {
  const route = useRoute();
  const connection = useCurrentConnection();
  const [menuOpen, setMenuOpen] = useState(false);
  const panel = findPanel(route.panel) ?? panels[0];
  useShortcuts();
  return (
    <div className="app" data-menu={menuOpen ? "open" : "closed"}>
      <button type="button" className="skip-link" onClick={focusMain}>
        Skip to the panel
      </button>
      <TopBar connection={connection} menuOpen={menuOpen} onMenu={() => setMenuOpen(!menuOpen)} />
      <Sidebar current={panel} onOpen={() => setMenuOpen(false)} />
      <main id="main" className="main" tabIndex={-1}>
        {panel && <PanelFrame panel={panel} connection={connection} />}
      </main>
      <PaletteHost />
      <ConnectionsHost />
      <ConfirmHost />
      <ToastHost />
    </div>
  );
}

// Not by a link to #main: the hash says where the page is.
function focusMain(): void {
  document.getElementById("main")?.focus();
}
