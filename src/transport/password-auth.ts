import type { Transport } from "@connectrpc/connect";
import { ConnectError } from "@connectrpc/connect";
import { untilAborted } from "../base/signals.ts";
import { Auth } from "../gen/etcdserverpb/auth_pb.ts";
import { toEtcdError } from "./to-etcd-error.ts";
import type { TokenSource } from "./token-source.ts";

/** A user's name and password, and where a token may outlive the client. */
export interface PasswordCredentials {
  readonly name: string;
  readonly password: string;
  /** For servers that make a client for each request: plain values only, nothing that belongs to one request. */
  readonly cache?: { get(): string | undefined; set(token: string): void } | undefined;
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
  #token: string | undefined;
  #signingIn: Promise<string> | undefined;

  constructor(transport: Transport, credentials: PasswordCredentials) {
    this.#transport = transport;
    this.#credentials = credentials;
  }

  async token(signal: AbortSignal): Promise<string> {
    return this.#token ?? this.#credentials.cache?.get() ?? (await this.#shared(signal));
  }

  async renew(rejected: string, signal: AbortSignal): Promise<string> {
    const known = this.#token ?? this.#credentials.cache?.get();
    if (known !== undefined && known !== rejected) return known;
    return await this.#shared(signal);
  }

  /** The sign-in belongs to nobody: who leaves does not end it for the others. */
  #shared(signal: AbortSignal): Promise<string> {
    this.#signingIn ??= this.#signIn().finally(() => {
      this.#signingIn = undefined;
    });
    return untilAborted(this.#signingIn, signal);
  }

  async #signIn(): Promise<string> {
    const { name, password, cache } = this.#credentials;
    this.#token = undefined;
    try {
      const method = Auth.method.authenticate;
      const { message } = await this.#transport.unary(method, undefined, 10_000, undefined, { name, password });
      this.#token = message.token;
    } catch (error) {
      // Credentials for a cluster that does not ask for any.
      if (ConnectError.from(error).rawMessage !== "etcdserver: authentication is not enabled") {
        throw toEtcdError(error, { what: "Auth.Authenticate", write: false });
      }
      this.#token = "";
    }
    cache?.set(this.#token);
    return this.#token;
  }
}
