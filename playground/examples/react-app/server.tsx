import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { createEtcd } from "etcd-web";
import { createView } from "etcd-web/live";
import { EtcdProvider } from "etcd-web/react";
import { renderToString } from "react-dom/server";
import { range, Settings } from "./settings.tsx";

const { ENDPOINTS: endpoints = "http://127.0.0.1:8080", PORT = "3000" } = process.env;
const script = await readFile(join(import.meta.dirname, "page.js"));

// One view for all requests: once it is live, rendering waits for nothing.
const etcd = createEtcd({ endpoints });
const live = createView(etcd, range);
live.subscribe(() => {});

function render(): string {
  const initial = live.dehydrate();
  const html = renderToString(
    <EtcdProvider etcd={etcd} view={createView(etcd, range, { initial })}>
      <Settings />
    </EtcdProvider>,
  );
  const state = JSON.stringify({ endpoints, initial }).replaceAll("<", "\\u003c"); // or it could end its element
  return `<!doctype html>
<meta charset="utf-8">
<title>Live configuration</title>
<link rel="icon" href="data:,">
<div id="root">${html}</div>
<script type="application/json" id="state">${state}</script>
<script type="module" src="/page.js"></script>`;
}

createServer(async ({ url }, response) => {
  if (url === "/page.js") {
    response.setHeader("content-type", "text/javascript").end(script);
    return;
  }
  await live.ready({ timeoutMs: 1_000 }).catch(() => {}); // without etcd: the defaults, or what was known last
  response.setHeader("content-type", "text/html; charset=utf-8").end(render());
}).listen(Number(PORT), () => console.log(`http://localhost:${PORT}`));
