/** The same messages; `failed` hears of an error before their reader does. */
export function watched<T>(messages: AsyncIterable<T>, failed: (error: unknown) => void): AsyncIterable<T> {
  // Not a generator: that would be three promises more for each message.
  return {
    [Symbol.asyncIterator]() {
      const iterator = messages[Symbol.asyncIterator]();
      const onError = (error: unknown): never => {
        failed(error);
        throw error;
      };
      return { next: () => iterator.next().catch(onError) };
    },
  };
}
