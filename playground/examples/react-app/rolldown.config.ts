import { defineConfig } from "rolldown";

export default defineConfig([
  {
    input: "page.tsx",
    platform: "browser",
    transform: { define: { "process.env.NODE_ENV": '"production"' } },
    output: { file: "dist/page.js", minify: true },
  },
  { input: "server.tsx", platform: "node", external: /^[a-z]/, output: { file: "dist/server.js" } },
]);
