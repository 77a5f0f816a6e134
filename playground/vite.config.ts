import { readFileSync } from "node:fs";
import locales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { offline } from "./offline-plugin.ts";
import { sandboxDocument } from "./sandbox-plugin.ts";

export default defineConfig({
  root: import.meta.dirname,
  // Whoever serves the page may do so under any path.
  base: "./",
  publicDir: false,
  plugins: [
    react(),
    { ...locales.vite({ locales: ["en-US"] }), enforce: "pre" },
    layersFirst(),
    sandboxDocument(),
    offline(),
  ],
  // One place says where "etcd-web" is: tsconfig.json.
  resolve: { tsconfigPaths: true },
  worker: { format: "es" },
  build: {
    outDir: "../.cache/playground",
    emptyOutDir: true,
    // Nothing as data: URLs, which the page's content security policy does not allow for scripts and styles.
    assetsInlineLimit: 0,
    // A few KiB: a panel that is opened is never seen without its styles.
    cssCodeSplit: false,
    target: "es2022",
  },
});

/** The bundler puts style sheets in an order of its own; their layers have the one that layers.css says. */
function layersFirst(): Plugin {
  const order = readFileSync(new URL("src/styles/layers.css", import.meta.url), "utf8");
  return {
    name: "layers-first",
    enforce: "post",
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === "asset" && file.fileName.endsWith(".css")) file.source = order + String(file.source);
      }
    },
  };
}
