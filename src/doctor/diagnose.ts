import type { Transport } from "@connectrpc/connect";
import type { Key } from "../base/bytes.ts";
import { EtcdError } from "../base/errors.ts";
import { toOrigin } from "../base/origin.ts";
import { toKey } from "../base/range.ts";
import { globalPlatform, type Platform } from "../platform/platform.ts";
import { toBaseUrls } from "../transport/base-urls.ts";
import { cors } from "./checks/cors.ts";
import { delivery } from "./checks/delivery.ts";
import { errors } from "./checks/errors.ts";
import { etcd } from "./checks/etcd.ts";
import { httpVersion } from "./checks/http-version.ts";
import { quietStream } from "./checks/quiet-stream.ts";
import { reach } from "./checks/reach.ts";
import { requestSize } from "./checks/request-size.ts";
import { signIn } from "./checks/sign-in.ts";
import { stream } from "./checks/stream.ts";
import { upkeep } from "./checks/upkeep.ts";
import { type Check, createExamination, type Examination, type Learned, toFinding } from "./examination.ts";
import { overFetch } from "./exchange.ts";
import { type CheckName, type Finding, type Level, titles, worstOf } from "./finding.ts";
import { longestQuietSeconds } from "./longest-quiet.ts";
import { overTransport } from "./over-transport.ts";

/** What the doctor may know, and how long it may look. */
export interface DiagnoseOptions {
  /** Breaks it off: `diagnose` rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each finding as it is made. */
  readonly onFinding?: ((finding: Finding) => void) | undefined;
  /** Called when a check begins, and each second of a long one. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * The origin of the page that is to call, such as "https://app.example.com". In a page: that page's own. Elsewhere
   * CORS cannot be judged without it.
   */
  readonly origin?: string | undefined;
  /**
   * Seconds to hold a stream on which nothing happens, at most 86,400 (a day); 0: none. Default 20, above the 15 after
   * which Envoy cuts by default.
   */
  readonly quietSeconds?: number | undefined;
  /** A key that may be read; it need not exist. Default "etcd-web-doctor". */
  readonly key?: Key | undefined;
  /** A token of etcd's. */
  readonly token?: string | undefined;
  /** A user to sign in as, in place of a token. */
  readonly user?: { readonly name: string; readonly password: string } | undefined;
  /** In place of gRPC-Web to the URL, which is but a name then: what is HTTP's is not looked at. */
  readonly transport?: Transport | undefined;
  /** In place of the global fetch. */
  readonly fetch?: typeof fetch | undefined;
}

/** Where a diagnosis is. */
export interface Progress {
  /** What is looked at now. */
  readonly check: CheckName;
  /** For people, such as "quiet stream". */
  readonly title: string;
  /** Of a long check: how long it has looked. */
  readonly seconds?: number;
  /** Of a long check: how long it will look. */
  readonly ofSeconds?: number;
}

/** All that was found. */
export interface Diagnosis {
  /** As it was given. */
  readonly url: string;
  /** What the proxy calls itself, such as "envoy". A page cannot see it. */
  readonly server: string | undefined;
  /** The worst of all findings. */
  readonly level: Level;
  /** In the order in which they were made. */
  readonly findings: readonly Finding[];
  /** What could not be looked at, for what was found before. */
  readonly skipped: readonly CheckName[];
}

const webChecks: readonly Check[] = [
  reach,
  signIn,
  cors,
  errors,
  stream,
  delivery,
  requestSize,
  httpVersion,
  etcd,
  upkeep,
  quietStream,
];

/**
 * Looks at a gRPC-Web proxy before etcd as a page would use it, and says what is wrong and which line of which
 * configuration mends it. It reads, and watches a key, and writes nothing. It resolves whatever it finds; it rejects with
 * EtcdError "invalid-argument" for a URL or options that cannot be, and with the reason of `signal`.
 *
 * @example
 * ```ts
 * import { diagnose } from "etcd-web/doctor";
 *
 * const { level } = await diagnose("https://etcd.example.com", {
 *   origin: "https://app.example.com",
 *   onFinding({ level, seen, fixes }) {
 *     console.log(level, seen);
 *     for (const { of, where, lines } of fixes) console.log(`  ${of}, ${where}: ${lines.join("\n")}`);
 *   },
 * });
 * if (level === "fault") throw new Error("The proxy is not ready");
 * ```
 */
export function diagnose(url: string, options: DiagnoseOptions = {}): Promise<Diagnosis> {
  return diagnoseWith(webChecks, url, options);
}

/** As {@link diagnose}; `more` checks come right after those that say whether anything answers. */
export async function diagnoseMore(more: readonly Check[], url: string, options: DiagnoseOptions): Promise<Diagnosis> {
  const [first, ...rest] = webChecks;
  return diagnoseWith([first as Check, ...more, ...rest], url, options);
}

async function diagnoseWith(checks: readonly Check[], url: string, options: DiagnoseOptions): Promise<Diagnosis> {
  const { examine, learned } = toExamine(url, options);
  const findings: Finding[] = [];
  const skipped: CheckName[] = [];
  for (const check of checks) {
    const examination = examine(check);
    if (check.applies?.(examination) === false) continue;
    if (!isPossible(check, examination)) {
      skipped.push(check.name);
      continue;
    }
    options.signal?.throwIfAborted();
    options.onProgress?.({ check: check.name, title: titles[check.name] });
    for (const outcome of [await check.run(examination)].flat()) {
      const finding = toFinding(check, outcome, examination);
      findings.push(finding);
      options.onFinding?.(finding);
    }
  }
  return { url, server: learned.server, level: worstOf(findings), findings, skipped };
}

function isPossible({ needs }: Check, { learned }: Examination): boolean {
  return needs === "nothing" || (needs === "answers" ? learned.speaks : learned.streams);
}

/** What each check is given: the same for all, but for the name under which it tells how far it is. */
function toExamine(
  given: string,
  options: DiagnoseOptions,
): { readonly examine: (check: Check) => Examination; readonly learned: Learned } {
  const platform: Platform = globalPlatform;
  const { transport, signal = new AbortController().signal, quietSeconds = 20, token, user } = options;
  if (!(quietSeconds >= 0 && quietSeconds <= longestQuietSeconds))
    throw new EtcdError(
      "invalid-argument",
      `quietSeconds must be from 0 to ${longestQuietSeconds}, not ${quietSeconds}`,
    );
  const [baseUrl = ""] = transport === undefined ? toBaseUrls(given, platform) : [];
  const send = options.fetch ?? platform.fetch;
  const learned: Learned = {
    ...{ speaks: false, streams: false, token, needsSignIn: false, forbidden: [] },
    server: undefined,
  };
  const shared = {
    baseUrl,
    url: baseUrl === "" ? undefined : new URL(baseUrl),
    origin: platform.origin ?? requireOrigin(options.origin),
    inPage: platform.origin !== undefined,
    key: toKey(options.key ?? "etcd-web-doctor"),
    ...{ quietSeconds, credentials: user, platform, signal, fetch: send },
    learned,
    open: transport === undefined ? overFetch(baseUrl, send) : overTransport(transport),
  };
  const examine = ({ name }: Check): Examination =>
    createExamination({
      ...shared,
      tell: (seconds, ofSeconds) => options.onProgress?.({ check: name, title: titles[name], seconds, ofSeconds }),
    });
  return { examine, learned };
}

function requireOrigin(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const origin = toOrigin(given);
  if (origin !== undefined) return origin;
  throw new EtcdError(
    "invalid-argument",
    `${JSON.stringify(given)} is not an origin such as "https://app.example.com"`,
  );
}
