import { lazy } from "react";

/** CodeMirror is loaded when a value is first shown. */
export const LazyValueEditor = lazy(async () => ({
  default: (await import("../../values/value-editor.tsx")).ValueEditor,
}));
