/** A fetch that counts the messages in the bodies of Watch calls: each is a create. */
export function countCreates(): { readonly fetch: typeof fetch; readonly count: () => number } {
  let creates = 0;
  return {
    count: () => creates,
    fetch: (input, init) => {
      if (String(input).endsWith("/etcdserverpb.Watch/Watch") && init?.body instanceof Uint8Array) {
        creates += countFrames(init.body);
      }
      return fetch(input, init);
    },
  };
}

/** A frame is a flag, four bytes of length, and so many bytes. */
function countFrames(body: Uint8Array): number {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  let frames = 0;
  for (let at = 0; at < body.byteLength; at += 5 + view.getUint32(at + 1)) frames++;
  return frames;
}
