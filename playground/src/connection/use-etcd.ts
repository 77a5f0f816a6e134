import { createEtcd, type Etcd } from "etcd-web";
import { useEffect, useState } from "react";
import type { Endpoint } from "./endpoint.ts";

/** The client of an endpoint, closed when another takes its place; undefined in the first frame. */
export function useEtcd(endpoint: Endpoint): Etcd | undefined {
  const [etcd, setEtcd] = useState<Etcd>();
  // Not in useMemo: StrictMode runs an effect's clean-up once too often, and a closed client stays closed.
  useEffect(() => {
    const client = createEtcd({ endpoints: endpoint.url });
    setEtcd(client);
    return () => void client.close();
  }, [endpoint]);
  return etcd;
}
