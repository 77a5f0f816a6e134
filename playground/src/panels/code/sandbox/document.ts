import { workerScript } from "virtual:worker-script";
import type { Said } from "./messages.ts";

// Runs in the sandboxed document. Its origin is opaque there; were it not, code could reach the storage of this site: so
// in any other frame it does nothing.
addEventListener("message", ({ source, data, ports: [page, etcd] }) => {
  if (source !== parent || self.origin !== "null" || page === undefined || etcd === undefined) return;
  run(String(data.code), page, etcd);
});

function run(code: string, page: MessagePort, etcd: MessagePort): void {
  const say = (said: Said): void => page.postMessage(said);
  // The code comes first, and from the first line: numbers of lines are its own.
  const parts = ["self.program = async (require, exports) => {", code, "\n};\n", workerScript];
  const url = URL.createObjectURL(new Blob(parts, { type: "text/javascript" }));
  const worker = new Worker(url);
  worker.addEventListener("message", ({ data }) => say(data));
  page.addEventListener("message", ({ data }) => worker.postMessage(data));
  // What cannot be read does not run, so that the worker itself cannot tell.
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    say({ kind: "failed", text: event.message.replace(/^Uncaught /, ""), line: event.lineno });
  });
  worker.postMessage({ lines: code.split("\n").length }, [etcd]);
  page.start();
}
