import { MemoryHost } from "./host.ts";

// Named after its etcd: all pages of the origin that name the same one share it.
const host = new MemoryHost(self.name);

// A shared worker's scope; the types of the page's do not know of it.
addEventListener("connect", (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port !== undefined) host.serve(port);
});
