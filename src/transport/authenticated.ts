import { ConnectError, type Transport } from "@connectrpc/connect";
import { EtcdError, isEtcdError } from "../base/errors.ts";
import { isStaleToken, type TokenSource } from "./token-source.ts";
import { watched } from "./watched.ts";

/**
 * Sends a token with every call: etcd reads `token`, without a prefix. A unary call that is refused for it is made once
 * more with another, writes too, since etcd looks at the token before anything else. A stream that is refused fails;
 * the next one has another token.
 */
export function authenticate(transport: Transport, tokens: Tokens): Transport {
  return {
    async unary(method, signal, timeoutMs, header, input, contextValues) {
      const token = await tokens.get(signal);
      const call = (signed: Headers): ReturnType<typeof transport.unary<typeof method.input, typeof method.output>> =>
        transport.unary(method, signal, timeoutMs, signed, input, contextValues);
      try {
        return await call(withToken(header, token));
      } catch (error) {
        if (!isStale(error)) throw error;
        tokens.reject(token);
        return await call(withToken(header, await tokens.get(signal)));
      }
    },
    async stream(method, signal, timeoutMs, header, input, contextValues) {
      const token = await tokens.get(signal);
      try {
        const signed = withToken(header, token);
        const response = await transport.stream(method, signal, timeoutMs, signed, input, contextValues);
        return { ...response, message: watched(response.message, (error) => isStale(error) && tokens.reject(token)) };
      } catch (error) {
        if (isStale(error)) tokens.reject(token);
        throw error;
      }
    },
  };
}

/** The token in use, and whether the server has refused it. One for all endpoints: members share tokens. */
export class Tokens {
  readonly #source: TokenSource;
  #rejected: string | undefined;
  #last = "";

  constructor(source: TokenSource) {
    this.#source = source;
  }

  /** One to send: another where the last was refused. */
  async get(signal: AbortSignal = new AbortController().signal): Promise<string> {
    const rejected = this.#rejected;
    const token = await this.#fetch(rejected, signal);
    if (this.#rejected === rejected) this.#rejected = undefined;
    this.#last = token;
    return token;
  }

  async #fetch(rejected: string | undefined, signal: AbortSignal): Promise<string> {
    try {
      return await (rejected === undefined ? this.#source.token(signal) : this.#source.renew(rejected, signal));
    } catch (cause) {
      if (signal.aborted || isEtcdError(cause)) throw cause;
      throw new EtcdError("unauthenticated", `The token source has failed: ${String(cause)}`, { cause });
    }
  }

  /** The server has refused it; the last one unless told, where it says so in words, as it does with watches. */
  reject(token: string = this.#last): void {
    this.#rejected ??= token;
  }
}

/** Headers with the token that etcd reads; without one as they are. */
export function withToken(header: HeadersInit | undefined, token: string): Headers {
  const signed = new Headers(header);
  if (token !== "") signed.set("token", token);
  return signed;
}

/** Whether an error says that the token, not the call, was refused. */
export function isStale(error: unknown): boolean {
  return error instanceof ConnectError && isStaleToken(error.rawMessage);
}
