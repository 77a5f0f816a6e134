import {
  ErrorCode,
  type EvaluationContext,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  ProviderFatalError,
  StandardResolutionReasons as Reason,
  type ResolutionDetails,
} from "@openfeature/web-sdk";
import { isEtcdError } from "../base/errors.ts";
import type { EtcdReader } from "../client/etcd.ts";
import { createView } from "../live/create-view.ts";
import { untilContent } from "../live/first-content.ts";
import type { View, ViewChange, ViewOptions } from "../live/view.ts";
import { evaluate } from "./evaluate.ts";
import { type Flag, toFlag } from "./flag.ts";

/** What a provider takes: where its flags are, and how they are kept, shared or rendered, as a view's. */
export interface EtcdFlagProviderOptions extends Omit<ViewOptions<never>, "decode" | "schema" | "defaults"> {
  /** What the keys of the flags begin with; a flag's name is the rest. */
  readonly prefix: string;
  /**
   * Milliseconds for the first flags. Default 10,000; later, the provider is an error, or stale where it has flags of a
   * storage or a server, and goes on trying.
   */
  readonly timeoutMs?: number | undefined;
}

/**
 * Feature flags from etcd for `@openfeature/web-sdk`, followed live. A flag is a key whose value is JSON: a plain value,
 * or `{ "variants": { "on": true, "off": false }, "default": "off", "rules": [{ "when": { "country": ["ch", "at"] },
 * "variant": "on" }, { "when": { "plan": "pro" }, "split": { "on": 10, "off": 90 } }], "disabled": false }`: the first
 * rule whose attributes the context has decides; a split goes by the targeting key. A value that is no flag is a parse
 * error, unless there was a good one before, which stays.
 *
 * It is stale while the link is down, and fatal where etcd refuses it. What comes from a storage or a server is there at
 * once, with reason CACHED.
 *
 * @example
 * ```ts
 * import { OpenFeature } from "@openfeature/web-sdk";
 * import { createEtcd } from "etcd-web";
 * import { EtcdFlagProvider } from "etcd-web/openfeature";
 *
 * const etcd = createEtcd({ endpoints: "https://etcd.example.com" });
 * await OpenFeature.setProviderAndWait(new EtcdFlagProvider(etcd, { prefix: "flags/", storage: "local" }));
 * const isDark = OpenFeature.getClient().getBooleanValue("dark-mode", false);
 * ```
 */
export class EtcdFlagProvider implements Provider {
  /** Who provides the flags. */
  readonly metadata: { readonly name: string } = { name: "etcd" };
  /** For one user at a time, as pages have. */
  readonly runsOn = "client";
  /** Tells that flags have changed, or are stale. */
  readonly events: OpenFeatureEventEmitter = new OpenFeatureEventEmitter();
  readonly #etcd: EtcdReader;
  readonly #options: EtcdFlagProviderOptions;
  #view: View<Flag> | undefined;
  /** What was told last. */
  #status: "ready" | "stale" | "fatal" | undefined;

  /** It does nothing before it is given to OpenFeature. */
  constructor(etcd: EtcdReader, options: EtcdFlagProviderOptions) {
    this.#etcd = etcd;
    this.#options = options;
  }

  /** For the SDK. */
  async initialize(): Promise<void> {
    const { prefix, timeoutMs = 10_000, ...options } = this.#options;
    const view = createView<Flag>(this.#etcd, { prefix }, { ...options, decode: toFlag });
    this.#view = view;
    this.#status = undefined;
    view.subscribe((change) => this.#onChange(view, change));
    try {
      await untilContent(view, timeoutMs);
      this.#status = "ready"; // the SDK tells so
      if (view.getSnapshot().source !== "live") void this.#untilLive(view, timeoutMs);
    } catch (error) {
      this.#status = isRefused(error) ? "fatal" : "stale";
      if (isRefused(error)) throw new ProviderFatalError((error as Error).message);
      throw error;
    }
  }

  /** What a storage or a server knew is stale where nothing live has come for so long. */
  async #untilLive(view: View<Flag>, timeoutMs: number): Promise<void> {
    try {
      await view.ready({ timeoutMs });
    } catch (error) {
      if (this.#view === view && this.#status === "ready") this.#tell(isRefused(error) ? "fatal" : "stale");
    }
  }

  /** For the SDK: ends following the flags. */
  async onClose(): Promise<void> {
    const view = this.#view;
    this.#view = undefined;
    await view?.close();
  }

  /** For the SDK. */
  resolveBooleanEvaluation(key: string, value: boolean, context: EvaluationContext): ResolutionDetails<boolean> {
    return this.#resolve(key, value, context, (found) => typeof found === "boolean");
  }

  /** For the SDK. */
  resolveStringEvaluation(key: string, value: string, context: EvaluationContext): ResolutionDetails<string> {
    return this.#resolve(key, value, context, (found) => typeof found === "string");
  }

  /** For the SDK. */
  resolveNumberEvaluation(key: string, value: number, context: EvaluationContext): ResolutionDetails<number> {
    return this.#resolve(key, value, context, (found) => typeof found === "number");
  }

  /** For the SDK. */
  resolveObjectEvaluation<T extends JsonValue>(
    key: string,
    value: T,
    context: EvaluationContext,
  ): ResolutionDetails<T> {
    return this.#resolve(key, value, context, (found) => typeof found === "object");
  }

  #resolve<T extends JsonValue>(
    key: string,
    value: T,
    context: EvaluationContext,
    fits: (found: JsonValue) => boolean,
  ): ResolutionDetails<T> {
    const snapshot = this.#view?.getSnapshot();
    if (snapshot === undefined) return failed(value, ErrorCode.PROVIDER_NOT_READY, "The provider is not in use");
    const name = this.#options.prefix + key;
    const flag = snapshot.values.get(name);
    if (flag === undefined) {
      const fault = snapshot.faults.get(name);
      if (fault !== undefined) return failed(value, ErrorCode.PARSE_ERROR, String(fault));
      return failed(value, ErrorCode.FLAG_NOT_FOUND, `There is no flag ${name}`);
    }
    const found = evaluate(key, flag, context);
    if (found.kind === "disabled") return { value, reason: Reason.DISABLED };
    if (found.kind === "no-targeting-key") {
      return failed(value, ErrorCode.TARGETING_KEY_MISSING, `${name} is split by the targeting key, and there is none`);
    }
    if (!fits(found.value)) return failed(value, ErrorCode.TYPE_MISMATCH, `${name} is ${kindOf(found.value)}`);
    const live = snapshot.source === "live";
    return {
      value: found.value as T,
      reason: !live ? Reason.CACHED : snapshot.stale ? Reason.STALE : found.reason,
      ...(found.variant !== undefined && { variant: found.variant }),
      ...(flag.metadata !== undefined && { flagMetadata: flag.metadata }),
    };
  }

  #onChange(view: View<Flag>, { keys }: ViewChange): void {
    if (this.#view !== view || this.#status === undefined) return;
    const { stale, error } = view.getSnapshot();
    const flagsChanged = keys.map((key) => key.slice(this.#options.prefix.length));
    const status = isRefused(error) ? "fatal" : stale ? "stale" : "ready";
    if (status !== this.#status) this.#tell(status, error?.message);
    if (flagsChanged.length > 0) this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged });
  }

  #tell(status: "ready" | "stale" | "fatal", message = "The link to etcd is down"): void {
    this.#status = status;
    if (status === "ready") this.events.emit(ProviderEvents.Ready);
    if (status === "stale") this.events.emit(ProviderEvents.Stale, { message });
    if (status === "fatal") this.events.emit(ProviderEvents.Error, { message, errorCode: ErrorCode.PROVIDER_FATAL });
  }
}

function failed<T>(value: T, errorCode: ErrorCode, errorMessage: string): ResolutionDetails<T> {
  return { value, reason: Reason.ERROR, errorCode, errorMessage };
}

function isRefused(error: unknown): boolean {
  return isEtcdError(error, "permission-denied") || isEtcdError(error, "unauthenticated");
}

function kindOf(value: JsonValue): string {
  return value === null ? "null" : typeof value;
}
