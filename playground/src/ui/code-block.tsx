import { openPanel } from "../route/router.ts";
import { Button } from "./button.tsx";
import { CopyButton } from "./copy-button.tsx";
import { Dialog } from "./dialog.tsx";
import "./code-block.css";

/** Lines of code, with a button that copies them. */
export function CodeBlock({ code, label = "Code" }: { readonly code: string; readonly label?: string }) {
  return (
    <figure className="code-block">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
      <section className="code-scroll" aria-label={label} tabIndex={0}>
        <pre>{code}</pre>
      </section>
      <CopyButton text={code} label="Copy code" />
    </figure>
  );
}

/** What an action of the page is in TypeScript: for "Copy as code" beside what was clicked. */
export function CodeDialog(props: { readonly code: string; readonly isOpen: boolean; readonly onClose: () => void }) {
  return (
    <Dialog
      title="The same in TypeScript"
      isOpen={props.isOpen}
      onClose={props.onClose}
      size="large"
      footer={<Button onPress={() => openPanel("code", { code: props.code })}>Open in the editor</Button>}
    >
      <CodeBlock code={props.code} />
    </Dialog>
  );
}
