import { startEnvoy } from "../fixtures/envoy.ts";
import { startGatewayProcess } from "../fixtures/gateway/gateway-process.ts";

/** What stands between the clients and the members. */
export type ProxyKind = "Envoy" | "gateway";

/** A running one. */
export interface FrontProxy {
  /** `http://localhost:port`, or by address. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts one before some members; `hosts` are the names and ports by which it will be called. */
export function startProxy(kind: ProxyKind, etcd: readonly string[], hosts: readonly string[]): Promise<FrontProxy> {
  return kind === "Envoy" ? startEnvoy({ etcd }) : startGatewayProcess({ etcd, hosts, policy: "open" });
}
