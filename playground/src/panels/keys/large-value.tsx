import type { KeyValue } from "etcd-web";
import { Download } from "lucide-react";
import { Suspense } from "react";
import { formatBytes } from "../../text/format.ts";
import { keyText } from "../../text/key-text.ts";
import { Button } from "../../ui/button.tsx";
import { guessFormat, showValue } from "../../values/value-format.ts";
import { LazyValueEditor } from "./lazy-editor.tsx";

/** Above this the editor is not given the whole of it unasked. */
export const largeBytes = 256 * 1024;
const shownBytes = 16 * 1024;

/** The beginning of a value that would keep the page busy, and ways to the rest. */
export function LargeValue({ kv, onShow }: { readonly kv: KeyValue; readonly onShow: () => void }) {
  const head = kv.value.subarray(0, shownBytes);
  const isText = guessFormat("", kv.value) !== "hex";
  // The cut may go through a character: what is shown cannot be saved from here.
  const text = isText ? new TextDecoder().decode(head) : (showValue(head, "hex") ?? "");

  function download(): void {
    const url = URL.createObjectURL(new Blob([kv.value.slice()]));
    const link = document.createElement("a");
    link.href = url;
    link.download = keyText(kv.key).split("/").at(-1) || "value";
    link.click();
    URL.revokeObjectURL(url);
  }

  return (
    <div className="value-editor">
      <div className="value-tools">
        <span>
          {formatBytes(kv.value.length)}, of which the first {formatBytes(shownBytes)} are shown
        </span>
        <div className="value-actions">
          <Button icon={Download} onPress={download}>
            Download
          </Button>
          <Button onPress={onShow}>Show and edit all of it</Button>
        </div>
      </div>
      <div className="value-text">
        <Suspense>
          <LazyValueEditor label="Beginning of the value" format={isText ? "text" : "hex"} value={text} isReadOnly />
        </Suspense>
      </div>
    </div>
  );
}
