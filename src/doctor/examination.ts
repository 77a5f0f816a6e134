import {
  create,
  type DescMessage,
  type DescMethodStreaming,
  type DescMethodUnary,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import { linkSignals, untilAborted } from "../base/signals.ts";
import type { Platform } from "../platform/platform.ts";
import { encode, type Head, isGrpcWeb, type Open, type Status, type Step } from "./exchange.ts";
import { type CheckName, type Finding, type FindingCode, type Fix, type Level, titles } from "./finding.ts";
import { fixesOf } from "./fixes.ts";

/** Milliseconds an answer may take; what takes longer is silence. */
export const patienceMs = 10_000;

/** What came of one call. */
export interface Reply<O extends DescMessage = DescMessage> {
  /** What fetch threw: nothing has answered. */
  readonly failure?: unknown;
  /** Nothing came in time. */
  readonly isSilent: boolean;
  readonly head: Head | undefined;
  readonly message: MessageShape<O> | undefined;
  readonly status: Status | undefined;
  /** The beginning of an answer that is not gRPC-Web. */
  readonly text: string;
  readonly ms: number;
}

/** What checks know of the URL, and how they ask. */
export interface Examination {
  /** Undefined over a transport. */
  readonly url: URL | undefined;
  /** Without a slash at its end; "" over a transport. */
  readonly baseUrl: string;
  /** Of the page that is to call, as far as it is known. */
  readonly origin: string | undefined;
  /** This program is such a page: its browser sends preflights, and shows none. */
  readonly inPage: boolean;
  readonly key: Uint8Array;
  readonly quietSeconds: number;
  readonly credentials: { readonly name: string; readonly password: string } | undefined;
  readonly platform: Platform;
  readonly signal: AbortSignal;
  /** What earlier checks have learned. */
  readonly learned: Learned;
  /** HTTP that is not a call. */
  readonly fetch: typeof fetch;
  readonly open: Open;
  /** A unary call. Never rejects, but when the examination is broken off. */
  ask<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    message: MessageInitShape<I>,
    options?: AskOptions,
  ): Promise<Reply<O>>;
  /** The headers of a call, as the client sends them. */
  headersFor(more?: Readonly<Record<string, string>>): Headers;
  /** Says how far a long check is. */
  tell(seconds: number, ofSeconds: number): void;
}

/** How one call differs from others. */
export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of the URL under examination. */
  readonly open?: Open;
}

/** What one check learns for those after it. */
export interface Learned {
  /** Calls are answered as gRPC-Web. */
  speaks: boolean;
  /** A watch was opened. */
  streams: boolean;
  token: string | undefined;
  needsSignIn: boolean;
  /** Headers with which this page can make no call: told once, later checks do without. */
  forbidden: readonly string[];
  /** What the proxy calls itself. */
  server: string | undefined;
}

/** One thing to look at. */
export interface Check {
  readonly name: CheckName;
  /** What has to be so before it says anything. */
  readonly needs: "nothing" | "answers" | "streams";
  /** Whether it has an object here; default: yes. */
  readonly applies?: (examination: Examination) => boolean;
  run(examination: Examination): Promise<Outcome | readonly Outcome[]>;
}

/** A finding as a check gives it. */
export interface Outcome {
  /** Another check's, where this one has found it. */
  readonly check?: CheckName;
  readonly code: FindingCode;
  readonly level: Level;
  readonly seen: string;
  readonly means?: string;
  /** Beside those that are known for the code. */
  readonly fixes?: readonly Fix[];
}

/** All is well. */
export function fine(seen: string): Outcome {
  return { code: "ok", level: "ok", seen };
}

/** The finding, with what mends it. */
export function toFinding(check: Check, outcome: Outcome, { origin, learned }: Examination): Finding {
  const { fixes = [], ...rest } = outcome;
  const name = outcome.check ?? check.name;
  // A page from a file or in a sandbox has no origin that a proxy could let in.
  const known = fixesOf(outcome.code, origin === "null" ? undefined : origin, learned.server);
  return { ...rest, check: name, title: titles[name], fixes: [...fixes, ...known] };
}

type Surroundings = Omit<Examination, "ask" | "headersFor">;

/** An examination that can ask. */
export function createExamination(surroundings: Surroundings): Examination {
  const { platform, signal: ended, learned, origin, inPage, open } = surroundings;

  function headersFor(more: Readonly<Record<string, string>> = {}): Headers {
    const headers = new Headers(more);
    headers.set("content-type", "application/grpc-web+proto");
    headers.set("x-grpc-web", "1");
    headers.set("x-user-agent", "etcd-web-doctor");
    if (learned.token !== undefined && !headers.has("token")) headers.set("token", learned.token);
    // In a page it is the browser that says so, and nobody else may.
    if (origin !== undefined && !inPage) headers.set("origin", origin);
    for (const name of learned.forbidden) headers.delete(name);
    return headers;
  }

  async function ask<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    message: MessageInitShape<I>,
    options: AskOptions = {},
  ): Promise<Reply<O>> {
    const { signal, abort, unlink } = linkSignals(ended);
    const cancel = platform.setTimeout(() => abort(late), patienceMs);
    const begun = platform.now();
    const done = (reply: Partial<Reply<O>>): Reply<O> => ({
      ...{ isSilent: false, head: undefined, message: undefined, status: undefined, text: "" },
      ...reply,
      ms: platform.now() - begun,
    });
    const headers = headersFor({ "grpc-timeout": `${patienceMs}m`, ...options.headers });
    try {
      const request = encode(method, create(method.input, message));
      const { head, steps, text } = await untilAborted(
        (options.open ?? open)(method, [request], { headers, signal }),
        signal,
      );
      if (head !== undefined && !isGrpcWeb(head)) return done({ head, text: await untilAborted(text(), signal) });
      return done({ head, ...(await untilAborted(gather(method, steps), signal)) });
    } catch (failure) {
      ended.throwIfAborted();
      return done(signal.reason === late ? { isSilent: true } : { failure });
    } finally {
      abort(undefined);
      cancel();
      unlink();
    }
  }

  return { ...surroundings, ask, headersFor };
}

const late = new Error("late");

async function gather<O extends DescMessage>(
  method: DescMethodUnary<DescMessage, O> | DescMethodStreaming<DescMessage, O>,
  steps: AsyncIterable<Step>,
): Promise<Pick<Reply<O>, "message" | "status">> {
  let message: MessageShape<O> | undefined;
  for await (const step of steps) {
    if (step.kind === "message") message = fromBinary(method.output, step.data);
    else return { message, status: step.kind === "status" ? step.status : undefined };
  }
  return { message, status: undefined };
}
