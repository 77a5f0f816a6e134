import { useState } from "react";
import { currentRoute, setParams } from "../../route/router.ts";
import { useRoute } from "../../route/use-route.ts";
import { examples } from "./examples/index.ts";

const item = "etcd-web-playground-code";

/** The code in the editor: of a link, of an example, or what was typed last, which is kept for the next visit. */
export function useCode() {
  const { params } = useRoute();
  const example = examples.find(({ id }) => id === params.get("example"));
  const linked = params.get("code") ?? example?.code;
  const [typed, setTyped] = useState(() => readDraft() ?? examples[0].code);
  return {
    code: linked ?? typed,
    type(next: string): void {
      setTyped(next);
      keepDraft(next);
      const { params } = currentRoute();
      if (params.has("code") || params.has("example")) setParams({ code: undefined, example: undefined });
    },
  };
}

/** In place of what is in the editor; the back button brings that back. */
export function openExample(id: string): void {
  setParams({ code: undefined, example: id }, "push");
}

function readDraft(): string | undefined {
  try {
    return localStorage.getItem(item) ?? undefined;
  } catch {
    return undefined;
  }
}

function keepDraft(code: string): void {
  try {
    localStorage.setItem(item, code);
  } catch {
    // Kept until the page is closed, then.
  }
}
