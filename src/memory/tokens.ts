import type { Clock } from "../platform/clock.ts";

/** As etcd's `--auth-token-ttl`, from the last use on. */
const lifetimeMs = 300_000;
const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Whom each token stands for, as long as it is used. */
export class Tokens {
  readonly #clock: Clock;
  readonly #random: () => bigint;
  readonly #tokens = new Map<string, { readonly user: string; expiresAt: number }>();
  #assigned = 0;

  constructor(clock: Clock, random: () => bigint) {
    this.#clock = clock;
    this.#random = random;
  }

  get size(): number {
    return this.#tokens.size;
  }

  assign(user: string): string {
    this.#forgetExpired();
    const token = `${this.#word()}${this.#word()}.${++this.#assigned}`;
    this.#tokens.set(token, { user, expiresAt: this.#clock.now() + lifetimeMs });
    return token;
  }

  /** Whose token it is, and its time anew; undefined where it is unknown or has expired. */
  use(token: string): string | undefined {
    const known = this.#tokens.get(token);
    const now = this.#clock.now();
    if (known === undefined || known.expiresAt < now) return undefined;
    known.expiresAt = now + lifetimeMs;
    return known.user;
  }

  revokeAllOf(user: string): void {
    for (const [token, known] of this.#tokens) if (known.user === user) this.#tokens.delete(token);
  }

  clear(): void {
    this.#tokens.clear();
  }

  #forgetExpired(): void {
    const now = this.#clock.now();
    for (const [token, { expiresAt }] of this.#tokens) if (expiresAt < now) this.#tokens.delete(token);
  }

  #word(): string {
    let rest = this.#random();
    let word = "";
    for (; word.length < 8; rest /= 52n) word += letters[Number(rest % 52n)];
    return word;
  }
}
