import { KV } from "../../gen/etcdserverpb/kv_pb.ts";
import { cors as wanted } from "../../transport/cors.ts";
import { type Check, type Examination, fine, type Outcome } from "../examination.ts";
import {
  anyOrigin,
  noAuthorization,
  noPreflight,
  notAllowed,
  notExposed,
  notOnAnswers,
  notRemembered,
  refused,
  unknownOrigin,
} from "./cors-findings.ts";
import { corsOfPage } from "./cors-of-page.ts";
import { inTime } from "./in-time.ts";

/** Of nobody: the name can have no address. */
const stranger = "https://etcd-web-doctor.invalid";
/** What the client sends with every call, with every watch, and after a sign-in. */
const always = ["content-type", "grpc-timeout", "x-grpc-web", "x-user-agent"];

/** Whether pages of another origin may call, and read what comes. Browsers ask this in a preflight that they show to nobody. */
export const cors: Check = {
  name: "cors",
  needs: "answers",
  applies: ({ url }) => url !== undefined,
  async run(examination) {
    const { url, origin, inPage } = examination;
    if (origin === url?.origin) return fine("The page is of the same origin: no rule to ask for");
    if (inPage) return orFine(await corsOfPage(examination), origin);
    if (origin === undefined) return withoutOrigin(examination);
    const findings = await ofPreflight(examination, origin);
    if (findings.some(({ level }) => level === "fault")) return findings;
    return orFine([...findings, ...(await openToAll(examination))], origin);
  },
};

function orFine(found: readonly Outcome[], origin: string | undefined): readonly Outcome[] {
  return found.length > 0 ? found : [fine(`Pages of ${origin} may call and read the answers`)];
}

async function withoutOrigin(examination: Examination): Promise<readonly Outcome[]> {
  const open = await openToAll(examination);
  return open.length > 0 ? open : [unknownOrigin];
}

async function ofPreflight(examination: Examination, origin: string): Promise<readonly Outcome[]> {
  const { learned } = examination;
  const asked = [...always, "hasleader", "token", "authorization"];
  const plain = await preflight(examination, origin, always);
  if (plain === undefined || !plain.allowsOrigin)
    return [refused(`The preflight of a page of ${origin} ${howAnswered(plain)}`)];
  if (!plain.ok) return [noPreflight(`The preflight (OPTIONS) is answered with ${plain.status}`)];
  const allowed = await Promise.all(asked.map(async (name) => plain.allows(name) || (await isAllowed(name))));
  const missing = asked.filter((_, index) => !allowed[index]);
  const found: Outcome[] = [];
  const needed = missing.filter((name) => name !== "authorization");
  if (needed.length > 0) found.push(notAllowed(needed, learned.needsSignIn || learned.token !== undefined));
  else if (missing.length > 0) found.push(noAuthorization);
  found.push(...(await ofAnswer(examination, origin)));
  if (found.length === 0 && plain.maxAge === undefined) found.push(notRemembered);
  return found;

  // Alone, since some servers answer with nothing where they do not like one of many; and as a browser asks, since
  // others know a call of gRPC-Web by the rest.
  async function isAllowed(name: string): Promise<boolean> {
    const ways = await Promise.all([[name], [...always, name]].map((names) => preflight(examination, origin, names)));
    return ways.some((answer) => answer?.allows(name));
  }
}

interface Preflight {
  readonly ok: boolean;
  readonly status: number;
  readonly allowsOrigin: boolean;
  readonly maxAge: string | undefined;
  allows(header: string): boolean;
}

/** Asks as a browser would; undefined: no answer. */
async function preflight(
  examination: Examination,
  origin: string,
  names: readonly string[],
): Promise<Preflight | undefined> {
  const { fetch, baseUrl } = examination;
  const url = `${baseUrl}/${KV.typeName}/${KV.method.range.name}`;
  const headers = {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": [...names].sort().join(","),
  };
  return inTime(examination, async (signal) => {
    const response = await fetch(url, { method: "OPTIONS", headers, signal, redirect: "manual" });
    return toPreflight(response, origin);
  });
}

function toPreflight({ ok, status, headers }: Response, origin: string): Preflight {
  const allowed = listIn(headers, "access-control-allow-headers");
  return {
    ok,
    status,
    allowsOrigin: allowsOrigin(headers, origin),
    maxAge: headers.get("access-control-max-age") ?? undefined,
    // "*" stands for all headers but this one.
    allows: (name) => allowed.includes(name) || (allowed.includes("*") && name !== "authorization"),
  };
}

async function ofAnswer(examination: Examination, origin: string): Promise<readonly Outcome[]> {
  const { head } = await examination.ask(KV.method.range, { key: examination.key, countOnly: true });
  if (head === undefined) return [];
  if (!allowsOrigin(head.headers, origin)) return [notOnAnswers];
  const exposed = listIn(head.headers, "access-control-expose-headers");
  const hidden = wanted.exposedHeaders.slice(0, 2).filter((name) => !exposed.includes(name) && !exposed.includes("*"));
  return hidden.length === 0 ? [] : [notExposed(hidden)];
}

async function openToAll(examination: Examination): Promise<readonly Outcome[]> {
  const answer = await preflight(examination, stranger, always);
  return answer?.ok && answer.allowsOrigin ? [anyOrigin(stranger)] : [];
}

function allowsOrigin(headers: Headers, origin: string): boolean {
  return ["*", origin].includes(headers.get("access-control-allow-origin") ?? "");
}

function listIn(headers: Headers, name: string): readonly string[] {
  return (headers.get(name) ?? "").split(",").map((each) => each.trim().toLowerCase());
}

function howAnswered(answer: Preflight | undefined): string {
  if (answer === undefined) return "gets no answer";
  return `is answered with ${answer.status} and without access-control-allow-origin for it`;
}
