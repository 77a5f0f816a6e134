import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  // Whoever serves the page may do so under any path.
  base: "./",
  publicDir: false,
  plugins: [react()],
  // One place says where "etcd-web" is: tsconfig.json.
  resolve: { tsconfigPaths: true },
  build: { outDir: "../.cache/playground", emptyOutDir: true },
});
