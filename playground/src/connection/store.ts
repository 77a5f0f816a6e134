import type { Etcd } from "etcd-web";
import { subscribeRoute } from "../route/router.ts";
import { type Failure, toFailure } from "../text/failure.ts";
import type { PageEtcd } from "./memory/open-memory.ts";
import { open } from "./open.ts";
import { saveTarget } from "./saved.ts";
import { formatPlace, sameTarget, type Target } from "./target.ts";
import { putTargetInUrl, targetInUrl } from "./target-in-url.ts";

/** The etcd that the panels show. */
export interface OpenConnection {
  readonly phase: "open";
  /** Another one with each opening. */
  readonly id: number;
  readonly target: Target;
  readonly etcd: Etcd;
  /** Set where etcd runs in this page. */
  readonly memory: PageEtcd | undefined;
}

/** What there is of it. */
export type CurrentConnection =
  | OpenConnection
  | { readonly phase: "opening" | "password"; readonly target: Target }
  | { readonly phase: "failed"; readonly target: Target | undefined; readonly failure: Failure };

const listeners = new Set<() => void>();
/** Until the page is closed, and nowhere else. */
const passwords = new Map<string, string>();
let opened = 0;
let current: CurrentConnection = begin();

// A link that names another etcd, and the back button.
subscribeRoute(() => {
  const before = current.target;
  const wanted = wantedTarget();
  if (wanted !== undefined && (before === undefined || !sameTarget(before, wanted))) connect(wanted);
});

/** What there is now. Keeps its identity until it changes. */
export function currentConnection(): CurrentConnection {
  return current;
}

export function subscribeConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Goes to an etcd: the URL says so from now on, and the client before it is closed. */
export function connect(target: Target, password?: string): void {
  if (password !== undefined) passwords.set(accountOf(target), password);
  const before = current;
  change(start(target));
  putTargetInUrl(target, before.target === undefined ? "replace" : "push");
  if (before.phase === "open") closeQuietly(before);
}

/** The same again, with a new client. */
export function reconnect(): void {
  if (current.target !== undefined) connect(current.target);
}

/** Forgets the password, and asks for it. */
export function signInAgain(): void {
  const before = current;
  if (before.target === undefined) return;
  passwords.delete(accountOf(before.target));
  change(start(before.target));
  if (before.phase === "open") closeQuietly(before);
}

/** For what has to sign in by itself. */
export function credentialsOf(target: Target): { readonly name: string; readonly password: string } | undefined {
  const password = passwords.get(accountOf(target));
  return target.user === undefined || password === undefined ? undefined : { name: target.user, password };
}

function begin(): CurrentConnection {
  try {
    const target = targetInUrl();
    putTargetInUrl(target, "replace");
    return start(target);
  } catch (error) {
    return { phase: "failed", target: undefined, failure: toFailure(error) };
  }
}

function wantedTarget(): Target | undefined {
  try {
    return targetInUrl();
  } catch (error) {
    if (current.phase === "open") closeQuietly(current);
    change({ phase: "failed", target: undefined, failure: toFailure(error) });
    return undefined;
  }
}

function start(target: Target): CurrentConnection {
  const password = passwords.get(accountOf(target));
  if (target.user !== undefined && password === undefined) return { phase: "password", target };
  const opening: CurrentConnection = { phase: "opening", target };
  open(target, password, reconnect).then(
    ({ etcd, memory }) => {
      const next: OpenConnection = { phase: "open", id: ++opened, target, etcd, memory };
      if (current !== opening) return closeQuietly(next);
      saveTarget(target);
      change(next);
    },
    (error: unknown) => {
      if (current === opening) change({ phase: "failed", target, failure: toFailure(error) });
    },
  );
  return opening;
}

function change(next: CurrentConnection): void {
  current = next;
  for (const listener of listeners) listener();
}

function closeQuietly({ etcd, memory }: OpenConnection): void {
  void etcd.close();
  memory?.close();
}

function accountOf({ place, user = "" }: Target): string {
  return `${user} at ${formatPlace(place)}`;
}
