import { useState } from "react";
import { currentRoute, setParams } from "../../route/router.ts";
import { useRoute } from "../../route/use-route.ts";
import { examples } from "./examples/index.ts";

const item = "etcd-web-playground-code";

/**
 * The code in the editor. One's own is kept for the next visit. What a link or an example opens is apart: it and what is
 * changed in it are in the URL, until it is to be one's own.
 */
export function useCode() {
  const { params } = useRoute();
  const example = examples.find(({ id }) => id === params.get("example"));
  const opened = params.get("code") ?? example?.code;
  const [own, setOwn] = useState(readOwn);

  function keep(next: string): void {
    setOwn(next);
    keepOwn(next);
    setParams({ code: undefined, example: undefined });
  }

  return {
    code: opened ?? own ?? examples[0].code,
    /** Set while other code is shown than one's own. */
    own: opened === undefined ? undefined : own,
    type(next: string): void {
      const { params } = currentRoute();
      const isOpened = params.has("code") || params.has("example");
      if (isOpened && own !== undefined) setParams({ code: next, example: undefined });
      else keep(next);
    },
    /** As one's own, in place of what that was. */
    keep,
  };
}

/** One's own code; the back button brings back what is in the editor. */
export function openOwn(): void {
  setParams({ code: undefined, example: undefined }, "push");
}

/** In place of what is in the editor; the back button brings that back. */
export function openExample(id: string): void {
  setParams({ code: undefined, example: id }, "push");
}

function readOwn(): string | undefined {
  try {
    return localStorage.getItem(item) ?? undefined;
  } catch {
    return undefined;
  }
}

function keepOwn(code: string): void {
  try {
    localStorage.setItem(item, code);
  } catch {
    // Kept until the page is closed, then.
  }
}
