import locales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  // Whoever serves the page may do so under any path.
  base: "./",
  publicDir: false,
  plugins: [react(), { ...locales.vite({ locales: ["en-US"] }), enforce: "pre" }],
  // One place says where "etcd-web" is: tsconfig.json.
  resolve: { tsconfigPaths: true },
  worker: { format: "es" },
  build: {
    outDir: "../.cache/playground",
    emptyOutDir: true,
    // Nothing as data: URLs, which the page's content security policy does not allow for scripts and styles.
    assetsInlineLimit: 0,
    target: "es2022",
  },
});
