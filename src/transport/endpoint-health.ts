/** How long an endpoint rests after a failure; each further one doubles it. */
const rest = { firstMs: 1_000, longestMs: 30_000 };

interface State {
  /** It has answered, and has not failed since. */
  proven: boolean;
  failures: number;
  restsUntil: number;
}

/**
 * Which of several endpoints to use: the one that was used last, until it fails. Then it rests, and the next one takes
 * its place. Nothing happens by itself: times are compared when somebody asks, so an idle client has no timer.
 */
export class EndpointHealth {
  readonly #states: readonly State[];
  readonly #now: () => number;
  #current = 0;
  #reached = false;

  /** For at least one endpoint; `now` gives milliseconds. */
  constructor(count: number, now: () => number) {
    this.#states = Array.from({ length: count }, () => ({ proven: false, failures: 0, restsUntil: 0 }));
    this.#now = now;
  }

  /** Whether any has ever answered: until then, nothing says that the URLs are right. */
  get reached(): boolean {
    return this.#reached;
  }

  /** The one to use. Where all rest, it is the one whose rest ends first: a rest is a preference, no ban. */
  choose(): number {
    const now = this.#now();
    const inTurn = this.#states.map((_, index) => (this.#current + index) % this.#states.length);
    const endsAt = (index: number): number => Math.max(now, this.#of(index).restsUntil);
    this.#current = inTurn.reduce((best, index) => (endsAt(index) < endsAt(best) ? index : best));
    return this.#current;
  }

  isProven(index: number): boolean {
    return this.#of(index).proven;
  }

  isResting(index: number): boolean {
    return this.#of(index).restsUntil > this.#now();
  }

  /** Whether there is another one that does not rest. */
  hasOther(than: number): boolean {
    return this.#states.some((_, index) => index !== than && !this.isResting(index));
  }

  answered(index: number): void {
    Object.assign(this.#of(index), { proven: true, failures: 0, restsUntil: 0 });
    this.#reached = true;
  }

  /** Calls that fail together are one failure. */
  failed(index: number): void {
    const state = this.#of(index);
    state.proven = false;
    if (index === this.#current) this.#current = (index + 1) % this.#states.length;
    if (this.isResting(index)) return;
    state.restsUntil = this.#now() + Math.min(rest.longestMs, rest.firstMs * 2 ** state.failures++);
  }

  #of(index: number): State {
    return this.#states[index] as State;
  }
}
