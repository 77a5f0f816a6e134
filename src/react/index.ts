/**
 * Views of "etcd-web/live" in React components.
 *
 * @module etcd-web/react
 */
"use client";

export { EtcdProvider, type EtcdProviderProps, useEtcd } from "./provider.ts";
export { useEtcdValue } from "./use-etcd-value.ts";
export { type UseViewOptions, useView } from "./use-view.ts";
