/** What somebody writes who uses each entry; each line with an error that is expected must have one. */
export const consumer = `
import { createClient } from "@connectrpc/connect";
import { createEtcd, type Etcd, EtcdError, op } from "etcd-web";
import { createAuth } from "etcd-web/admin";
import * as bundle from "etcd-web/bundle";
import { type Diagnosis, diagnose } from "etcd-web/doctor";
import { createEdgeConfig } from "etcd-web/edge-config";
import { createGateway, type Gateway, type GatewayOptions } from "etcd-web/gateway";
import { createView, sync, type View } from "etcd-web/live";
import { createMemoryEtcd, type MemoryEtcd } from "etcd-web/memory";
import { EtcdFlagProvider } from "etcd-web/openfeature";
import { Maintenance } from "etcd-web/proto";
import { useEtcdValue, useView } from "etcd-web/react";
import { createSession } from "etcd-web/recipes";
import { etcdDriver } from "etcd-web/unstorage";

const memory: MemoryEtcd = createMemoryEtcd();
const options: GatewayOptions = { memory, port: 0, origins: ["http://localhost:3000"] };
const gateway: Gateway = await createGateway(options);
await using etcd: Etcd = createEtcd({ endpoints: gateway.url });
const kv = await etcd.get("a");
export const revision: bigint | undefined = kv?.modRevision;
for await (const event of etcd.watch({ prefix: "a/" })) {
  if (event.type === "put") console.log(event.kv.text());
  // @ts-expect-error: nothing is left of it
  else console.log(event.kv.text());
}
const moved = await etcd.txn({ success: [op.get("a"), op.put("b", "1")] });
export const results: string | undefined = moved.succeeded ? moved.results[0]?.text() : undefined;
export const version: string = (await createClient(Maintenance, etcd.transport).status({})).version;
export const isOurs = (error: unknown): error is EtcdError => error instanceof EtcdError;
// @ts-expect-error: one or the other
await createGateway({ memory, etcd: "127.0.0.1:2379" });
export const view: View<number> = createView(etcd, { prefix: "a/" }, { decode: (kv) => kv.value.length });
export const shown = (): number | undefined => useEtcdValue("a", { view }) ?? useView(view).values.get("a");
await using session = await createSession(etcd);
await using lock = await session.lock("a");
export const fencing: bigint = lock.fencing;
export const found: Diagnosis = await diagnose(gateway.url);
export const rest = [createAuth, bundle.createEtcd, createEdgeConfig, sync, EtcdFlagProvider, etcdDriver];
`;

/** The settings of somebody who wants to know of every mistake, in declarations too. */
export function strictly(moduleResolution: "NodeNext" | "Bundler"): object {
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    module: moduleResolution === "Bundler" ? "ESNext" : moduleResolution,
    moduleResolution,
    target: "ES2022",
    lib: ["ES2024", "DOM", "DOM.Iterable", "DOM.AsyncIterable", "ESNext.Disposable"],
    types: [],
    noEmit: true,
  };
  return { compilerOptions, files: ["consumer.ts"] };
}
