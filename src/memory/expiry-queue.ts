/**
 * Values by the time they are due, earliest first: a binary heap. A renewed lease is not moved; whoever takes it at its
 * old time puts it back at its new one, so that a renewal costs nothing here.
 */
export class ExpiryQueue<T> {
  #heap: { readonly at: number; readonly value: T }[] = [];

  /** The earliest time. */
  get first(): number | undefined {
    return this.#heap[0]?.at;
  }

  /** How many there are. */
  get length(): number {
    return this.#heap.length;
  }

  add(at: number, value: T): void {
    let position = this.#heap.push({ at, value }) - 1;
    while (position > 0) {
      const parent = (position - 1) >>> 1;
      if (this.#at(parent) <= at) return;
      this.#swap(position, parent);
      position = parent;
    }
  }

  /** Takes out the earliest value that is due; undefined where none is. */
  takeDue(now: number): T | undefined {
    const top = this.#heap[0];
    if (top === undefined || top.at > now) return undefined;
    this.#swap(0, this.#heap.length - 1);
    this.#heap.pop();
    this.#sink();
    return top.value;
  }

  clear(): void {
    this.#heap = [];
  }

  #sink(): void {
    let position = 0;
    for (;;) {
      const left = 2 * position + 1;
      const child = this.#at(left + 1) < this.#at(left) ? left + 1 : left;
      if (this.#at(child) >= this.#at(position)) return;
      this.#swap(position, child);
      position = child;
    }
  }

  #at(position: number): number {
    return this.#heap[position]?.at ?? Number.POSITIVE_INFINITY;
  }

  #swap(a: number, b: number): void {
    const [atA, atB] = [this.#heap[a], this.#heap[b]];
    if (atA === undefined || atB === undefined) return;
    this.#heap[a] = atB;
    this.#heap[b] = atA;
  }
}
