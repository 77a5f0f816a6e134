import { PanelPage } from "../../ui/panel-page.tsx";
import { ExportSection } from "./export-section.tsx";
import { ImportSection } from "./import-section.tsx";
import "./transfer.css";

/** Keys under a prefix, to JSON and back. */
export function Panel() {
  return (
    <PanelPage title="Import and export">
      <ExportSection />
      <ImportSection />
    </PanelPage>
  );
}
