import { createHash } from "node:crypto";
import type { Plugin } from "vite";

const worker = "service-worker.js";

/** Tells the service worker which files the page has, and gives it another version when any of them changes. */
export function offline(): Plugin {
  return {
    name: "offline",
    enforce: "post",
    config: () => ({
      build: {
        rolldownOptions: {
          input: { index: "index.html", "service-worker": "src/offline/service-worker.ts" },
          output: { entryFileNames: ({ name }) => (name === "service-worker" ? worker : "assets/[name]-[hash].js") },
        },
      },
    }),
    generateBundle(_, bundle) {
      const chunk = bundle[worker];
      if (chunk?.type !== "chunk") return this.error("the service worker has not been built");
      const files = Object.keys(bundle).filter((file) => file !== worker && !file.endsWith(".html"));
      const page = Object.values(bundle).filter((file) => file.fileName.endsWith(".html"));
      const hash = createHash("sha256").update(files.join("\n"));
      for (const file of page) if (file.type === "asset") hash.update(file.source);
      chunk.code = chunk.code
        .replaceAll("PAGE_FILES", JSON.stringify(files))
        .replaceAll("PAGE_VERSION", JSON.stringify(hash.digest("hex").slice(0, 12)));
    },
  };
}
