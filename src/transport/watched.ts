/** The same messages; `failed` hears of an error before their reader does. */
export async function* watched<T>(messages: AsyncIterable<T>, failed: (error: unknown) => void): AsyncIterable<T> {
  try {
    yield* messages;
  } catch (error) {
    failed(error);
    throw error;
  }
}
