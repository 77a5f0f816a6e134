/**
 * Node's fetch ends an answer on which nothing has come for 300 seconds, which is Envoy's default as well: whoever waits
 * for a proxy to cut a quiet stream has to wait longer. What fetch sends through can be told so, but Node does not
 * export it; undici, which it is, leaves it for others under these names.
 */
const names = ["undici.globalDispatcher.2", "undici.globalDispatcher.1"];

/** Before this its HTTP/2 was experimental, and said so on the user's terminal. */
const firstWithHttp2 = 7;

/**
 * A fetch that waits as long as it takes, and speaks HTTP/2 as browsers do; Node's own where this Node keeps the means to
 * itself.
 */
export function patientFetch(): typeof fetch {
  const dispatcher = createDispatcher();
  if (dispatcher === undefined) return fetch;
  return (input, init) => fetch(input, { ...init, dispatcher } as RequestInit);
}

function createDispatcher(): object | undefined {
  void new Headers(); // loads undici
  const held = globalThis as Record<symbol, unknown>;
  for (const name of names) {
    const given = held[Symbol.for(name)];
    if (typeof given !== "object" || given === null) continue;
    const Agent = given.constructor as new (options: object) => object;
    const allowH2 = Number.parseInt(process.versions.undici ?? "0", 10) >= firstWithHttp2;
    return new Agent({ allowH2, bodyTimeout: 0, headersTimeout: 0 });
  }
  return undefined;
}
