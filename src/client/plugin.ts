import { describe } from "../base/bytes.ts";
import { EtcdError } from "../base/errors.ts";
import type { Platform } from "../platform/platform.ts";
import type { Caller } from "../transport/caller.ts";
import type { Endpoint } from "../transport/endpoints.ts";

/** Something that changes how reads are made: `batching()` or `monotonicReads()`. */
export interface EtcdPlugin {
  /** What it is, for people. */
  readonly name: string;
}

/** What a plugin may know of its client. */
export interface PluginContext {
  readonly platform: Pick<Platform, "now" | "random" | "setTimeout">;
  /** Milliseconds, for calls that do not say. */
  readonly timeoutMs: number;
  /** How many endpoints there are. */
  readonly endpoints: number;
  /** Where the next call goes. */
  chooseEndpoint(): Pick<Endpoint, "failed">;
}

/** What a plugin is beneath: it puts itself before what makes the calls. */
export interface Plugin extends EtcdPlugin {
  wrap(caller: Caller, context: PluginContext): Caller;
}

/** The caller that plugins make of one, the first of them outermost. Throws "invalid-argument" for what is none. */
export function applyPlugins(plugins: readonly EtcdPlugin[], caller: Caller, context: PluginContext): Caller {
  return plugins.reduceRight((inner, plugin) => toPlugin(plugin).wrap(inner, context), caller);
}

function toPlugin(given: EtcdPlugin): Plugin {
  if (typeof (given as Partial<Plugin> | undefined)?.wrap === "function") return given as Plugin;
  throw new EtcdError(
    "invalid-argument",
    `A plugin is made by batching() or monotonicReads(), and is not ${describe(given)}`,
  );
}
