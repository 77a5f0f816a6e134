export {
  createEdgeConfig,
  type EdgeConfig,
  type EdgeConfigOptions,
  type EdgeConfigReadOptions,
} from "./edge-config.ts";
