import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { IconButton } from "./button.tsx";
import { toast } from "./toast.tsx";

const copiedMs = 1_500;

/** Copies a text; one that is long to make is made when it is wanted. */
export function CopyButton({ text, label }: { readonly text: string | (() => string); readonly label: string }) {
  const [copied, setCopied] = useState(false);
  async function copy(): Promise<void> {
    if (!(await copyText(typeof text === "string" ? text : text()))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), copiedMs);
  }
  return <IconButton icon={copied ? Check : Copy} label={copied ? "Copied" : label} onPress={() => void copy()} />;
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
