import type { Transport } from "@connectrpc/connect";
import { ConnectError } from "@connectrpc/connect";
import { untilAborted } from "../base/signals.ts";
import { Auth } from "../gen/etcdserverpb/auth_pb.ts";
import { oneForAll } from "./one-for-all.ts";
import { wordsOf } from "./reasons.ts";
import { toEtcdError } from "./to-etcd-error.ts";
import type { TokenSource } from "./token-source.ts";

/** Calls wait for it: it must leave them time for another endpoint. */
const signInMs = 5_000;

/** A user's name and password, and where a token may outlive the client. */
export interface PasswordCredentials {
  /** An etcd user's. */
  readonly name: string;
  /** In a page, everybody can read it. */
  readonly password: string;
  /** For servers that make a client for each request: plain values only, nothing that belongs to one request. */
  readonly cache?:
    | {
        /** The token that was set last, if it is still there. */
        get(): string | undefined;
        /** Keeps a token, in place of the one before. */
        set(token: string): void;
      }
    | undefined;
}

/**
 * Signs in with a name and password, when the first call needs it and again when the token has expired. One sign-in
 * serves all calls that wait for it. Tokens are kept in memory only. Everybody who opens a page can read what is in it:
 * a password in a page is public.
 *
 * @example
 * ```ts
 * import { createEtcd, passwordAuth } from "etcd-web";
 *
 * function connect(password: string) {
 *   return createEtcd({ endpoints: "https://etcd.example.com", auth: passwordAuth({ name: "reader", password }) });
 * }
 * ```
 */
export function passwordAuth(credentials: PasswordCredentials): (transport: Transport) => TokenSource {
  return (transport) => new PasswordTokens(transport, credentials);
}

class PasswordTokens implements TokenSource {
  readonly #transport: Transport;
  readonly #credentials: PasswordCredentials;
  readonly #cache: NonNullable<PasswordCredentials["cache"]>;
  /** It belongs to nobody: who leaves does not end it for the others. */
  readonly #signedIn: () => Promise<string> = oneForAll(() => this.#signIn());

  constructor(transport: Transport, credentials: PasswordCredentials) {
    this.#transport = transport;
    this.#credentials = credentials;
    this.#cache = credentials.cache ?? createCache();
  }

  async token(signal: AbortSignal): Promise<string> {
    return this.#cache.get() ?? (await untilAborted(this.#signedIn(), signal));
  }

  async renew(rejected: string, signal: AbortSignal): Promise<string> {
    const known = this.#cache.get();
    if (known !== undefined && known !== rejected) return known;
    return await untilAborted(this.#signedIn(), signal);
  }

  async #signIn(): Promise<string> {
    const token = await this.#authenticate();
    this.#cache.set(token);
    return token;
  }

  async #authenticate(): Promise<string> {
    const { name, password } = this.#credentials;
    try {
      const method = Auth.method.authenticate;
      const answer = await this.#transport.unary(method, undefined, signInMs, undefined, { name, password });
      return answer.message.token;
    } catch (error) {
      // Credentials for a cluster that does not ask for any.
      if (wordsOf(ConnectError.from(error).rawMessage) === "authentication is not enabled") return "";
      throw toEtcdError(error, { what: "Auth.Authenticate", write: false });
    }
  }
}

function createCache(): NonNullable<PasswordCredentials["cache"]> {
  let kept: string | undefined;
  return {
    get: () => kept,
    set(token) {
      kept = token;
    },
  };
}
