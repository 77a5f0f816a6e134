const heard: string[] = [];

for (const level of ["debug", "log", "info", "warn", "error"] as const) {
  console[level] = (...words: unknown[]) => {
    heard.push(words.map(String).join(" "));
  };
}

// Node and Bun have no such events: there the program ends, and says why.
globalThis.addEventListener?.("unhandledrejection", ({ reason }) => {
  heard.push(`unhandled: ${reason instanceof Error ? reason.stack : String(reason)}`);
});
globalThis.addEventListener?.("error", ({ message }) => {
  heard.push(`uncaught: ${message}`);
});

/** What was logged and what went unhandled since this was asked last. */
export function complaints(): readonly string[] {
  return heard.splice(0);
}
