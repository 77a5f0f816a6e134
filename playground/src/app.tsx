import { useState } from "react";
import { ConnectionBar } from "./connection/connection-bar.tsx";
import { type Endpoint, rememberEndpoint, rememberedEndpoint } from "./connection/endpoint.ts";
import { useEtcd } from "./connection/use-etcd.ts";
import { Footer } from "./ui/footer.tsx";
import { Workspace } from "./workspace.tsx";

/** The page: one client, and everything that shows what it does. */
export function App() {
  const [endpoint, setEndpoint] = useState(rememberedEndpoint);
  const etcd = useEtcd(endpoint);
  // Only the very first frame has no client.
  if (etcd === undefined) return null;

  function connect(next: Endpoint): void {
    rememberEndpoint(next);
    setEndpoint(next);
  }

  return (
    <>
      <ConnectionBar etcd={etcd} endpoint={endpoint} onConnect={connect} />
      <Workspace etcd={etcd} />
      <Footer />
    </>
  );
}
