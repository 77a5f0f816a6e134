import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { openPanel } from "../route/router.ts";
import { Button, IconButton } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { toast } from "./toast.tsx";
import "./code-block.css";

const copiedMs = 1_500;

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

/** Copies a text. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [copied, setCopied] = useState(false);
  async function copy(): Promise<void> {
    if (!(await copyText(text))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), copiedMs);
  }
  return <IconButton icon={copied ? Check : Copy} label={copied ? "Copied" : label} onPress={() => void copy()} />;
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

/** Puts a text on the clipboard; says so where that is not allowed, and gives false. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    toast({ tone: "bad", text: "The browser does not let this page write to the clipboard." });
    return false;
  }
}
