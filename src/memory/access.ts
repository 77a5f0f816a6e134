import type { User } from "../gen/authpb/auth_pb.ts";
import { type AuthStore, isRoot } from "./auth-store.ts";
import { errors } from "./errors.ts";
import { type Span, toSpan } from "./keys.ts";
import type { Lease } from "./lease-book.ts";
import type { Permissions } from "./permissions.ts";
import type { Tokens } from "./tokens.ts";

/** Tells who calls. */
export class Access {
  readonly auth: AuthStore;
  readonly tokens: Tokens;

  constructor(auth: AuthStore, tokens: Tokens) {
    this.auth = auth;
    this.tokens = tokens;
  }

  /** Whoever the token in the headers stands for; refused where it stands for nobody. */
  caller(headers: Headers): Caller {
    const { auth, tokens } = this;
    if (!auth.enabled) return new Caller(auth, undefined);
    const token = headers.get("token") ?? headers.get("authorization");
    if (token === null) return new Caller(auth, undefined);
    const name = tokens.use(token.replace(/^Bearer /, ""));
    if (name === undefined) throw errors.invalidAuthToken();
    return new Caller(auth, name);
  }
}

/** Who calls, and what they may do: everything while authentication is off. */
export class Caller {
  /** undefined: whoever came without a token. */
  readonly name: string | undefined;
  readonly #auth: AuthStore;

  constructor(auth: AuthStore, name: string | undefined) {
    this.#auth = auth;
    this.name = name;
  }

  /** Whether the user may do everything, or anybody may. */
  get isRoot(): boolean {
    return !this.#auth.enabled || (this.#user !== undefined && isRoot(this.#user));
  }

  requireUser(): void {
    if (this.#auth.enabled && this.name === undefined) throw errors.userEmpty();
  }

  requireRoot(): void {
    this.requireUser();
    if (!this.isRoot) throw this.#user === undefined ? errors.userNotFound() : errors.permissionDenied();
  }

  requireRead(key: Uint8Array, rangeEnd: Uint8Array = none): void {
    this.#require((permissions) => permissions.mayRead(toSpan(key, rangeEnd)));
  }

  requireWrite(key: Uint8Array, rangeEnd: Uint8Array = none): void {
    this.#require((permissions) => permissions.mayWrite(toSpan(key, rangeEnd)));
  }

  /** What is attached to a lease goes with it, so it must be the caller's to delete. */
  requireWriteOf(lease: Lease | undefined): void {
    for (const key of lease?.keys ?? []) this.#require((permissions) => permissions.mayWrite(toKeySpan(key)));
  }

  requireReadOf(lease: Lease | undefined): void {
    for (const key of lease?.keys ?? []) this.#require((permissions) => permissions.mayRead(toKeySpan(key)));
  }

  get #user(): User | undefined {
    return this.name === undefined ? undefined : this.#auth.find(this.name);
  }

  #require(isPermitted: (permissions: Permissions) => boolean): void {
    if (!this.#auth.enabled) return;
    this.requireUser();
    const user = this.#user;
    if (user !== undefined && (isRoot(user) || isPermitted(this.#auth.permissions(user)))) return;
    throw errors.permissionDenied();
  }
}

const none = new Uint8Array();

function toKeySpan(key: string): Span {
  return { key };
}
