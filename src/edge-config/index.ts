/**
 * Reads of bounded age, for functions that live for a request.
 *
 * @module etcd-web/edge-config
 */
export {
  createEdgeConfig,
  type EdgeConfig,
  type EdgeConfigOptions,
  type EdgeConfigReadOptions,
} from "./edge-config.ts";
