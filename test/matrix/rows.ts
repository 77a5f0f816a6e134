import type { Traits } from "../contract/suite.ts";
import { chromium, firefox, webKit } from "./places/browsers.ts";
import type { Enter } from "./places/place.ts";
import { bun, deno, node22, node24, node26 } from "./places/programs.ts";
import { workerd } from "./places/workerd.ts";

/** How the runtime speaks to Envoy. */
export type Protocol = "HTTP/1.1" | "HTTP/2 over TLS";

/** A runtime that the whole contract is held in. */
export interface Row {
  readonly runtime: string;
  readonly protocol: Protocol;
  /** How it calls itself, in `navigator.userAgent`. */
  readonly agent: RegExp;
  /** The file of `there/` that it runs. */
  readonly script: "program" | "page" | "worker";
  readonly enter: Enter;
  /** What the way through this runtime differs in. */
  readonly traits?: Partial<Traits>;
}

/** Every row of the matrix, as in the README. */
export const rows: readonly Row[] = [
  program("Node 22", /^Node\.js\/22$/, node22),
  program("Node 24", /^Node\.js\/24$/, node24),
  program("Node 26", /^Node\.js\/26$/, node26),
  program("Deno", /^Deno\//, deno),
  program("Bun", /^Bun\//, bun),
  { ...program("Cloudflare's workerd", /^Cloudflare-Workers$/, workerd), script: "worker" },
  ...browser("Chromium", /Chrome\//, chromium),
  ...browser("Firefox", /Firefox\//, firefox),
  ...browser("WebKit", /Version\/\S+ Safari\//, webKit).map(withoutResets),
];

function program(runtime: string, agent: RegExp, enter: Enter): Row {
  return { runtime, protocol: "HTTP/1.1", agent, script: "program", enter };
}

function browser(runtime: string, agent: RegExp, enter: Enter): readonly Row[] {
  const protocols: readonly Protocol[] = ["HTTP/1.1", "HTTP/2 over TLS"];
  return protocols.map((protocol) => ({ runtime, protocol, agent, script: "page", enter }));
}

// WebKitGTK, by libsoup, resets a stream of HTTP/2 only once data has come on it: a plain fetch shows the same.
function withoutResets(row: Row): Row {
  return row.protocol === "HTTP/1.1" ? row : { ...row, traits: { silentAborts: true } };
}
