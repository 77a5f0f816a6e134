import type { Outcome } from "../examination.ts";

/** A page may not call, or may not read. */
export function refused(seen: string): Outcome {
  const means = "Browsers keep every call of such a page from being made, or its answer from being read";
  return { code: "cors-refused", level: "fault", seen, means };
}

/** The preflight itself is not answered as it must be. */
export function noPreflight(seen: string): Outcome {
  const means = "Browsers want a status from 200 to 299 and make no call without: the proxy must answer OPTIONS itself";
  return { code: "cors-no-preflight", level: "fault", seen, means };
}

/** What a call without such a header cannot do. */
const uses: Readonly<Record<string, string>> = {
  hasleader: "watch (or createEtcd takes requireLeader: false)",
  token: "use etcd once it has signed in",
};

/** The preflight allows some headers and not these. */
export function notAllowed(missing: readonly string[], signsIn: boolean): Outcome {
  const lost = new Set(missing.map((name) => uses[name] ?? "make any call"));
  return {
    code: "cors-headers-not-allowed",
    level: missing.every((name) => name === "token") && !signsIn ? "warning" : "fault",
    seen: `The preflight's answer does not allow the header${missing.length > 1 ? "s" : ""} ${missing.join(", ")}`,
    means: `A page cannot ${[...lost].join(", nor ")}`,
  };
}

/** The one header that the client itself does not send. */
export const noAuthorization: Outcome = {
  code: "cors-headers-not-allowed",
  level: "note",
  seen: "The preflight's answer does not allow the header authorization",
  means: "Only of interest where your page sends one of its own, for the proxy",
};

/** The answers hide what a page has to read. */
export function notExposed(hidden: readonly string[]): Outcome {
  return {
    code: "cors-headers-not-exposed",
    level: "fault",
    seen: `The answers do not expose ${hidden.join(" and ")}`,
    means:
      "A page sees that a call has failed and not why: it can neither sign in again nor tell a missing permission from an outage",
  };
}

/** Only the preflight was configured. */
export const notOnAnswers: Outcome = {
  code: "cors-not-on-answers",
  level: "fault",
  seen: "The preflight is allowed, and the answer to the call lacks access-control-allow-origin",
  means: "The call is made and the page may not read what comes of it",
};

/** No max-age. */
export const notRemembered: Outcome = {
  code: "cors-not-remembered",
  level: "note",
  seen: "The preflight's answer has no access-control-max-age",
  means: "Browsers remember it for five seconds only: most calls cost a second round trip",
};

/** A stranger may call. */
export function anyOrigin(stranger: string): Outcome {
  return {
    code: "cors-any-origin",
    level: "warning",
    seen: `Pages of any origin may call, those of ${stranger} too`,
    means: "Every website that a user of yours opens may use this etcd from their browser",
  };
}

/** Nobody has said whose page it is. */
export const unknownOrigin: Outcome = {
  code: "cors-unknown",
  level: "note",
  seen: "No page's origin was given",
  means: "Whether your page may call depends on where it comes from: say its origin, such as https://app.example.com",
};
