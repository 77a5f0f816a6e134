/** Who wants to hear of something. */
export class Listeners<News = void> {
  readonly #present = new Set<(news: News) => void>();

  get size(): number {
    return this.#present.size;
  }

  /** One given twice is called twice. The function returned takes it away, and tells whether it was there. */
  add(listener: (news: News) => void): () => boolean {
    const entry = (news: News): void => listener(news);
    this.#present.add(entry);
    return () => this.#present.delete(entry);
  }

  /** Calls those that are there now, and have not left when their turn comes. */
  tell(news: News): void {
    for (const listener of [...this.#present]) if (this.#present.has(listener)) isolate(() => listener(news));
  }

  clear(): void {
    this.#present.clear();
  }
}

// What a listener throws is its owner's to hear of, as with any event, and nobody else's to die of.
function isolate(run: () => void): void {
  try {
    run();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
