import { Auth } from "../../gen/etcdserverpb/auth_pb.ts";
import { KV } from "../../gen/etcdserverpb/kv_pb.ts";
import { wordsOf } from "../../transport/reasons.ts";
import { type Check, type Examination, fine, type Outcome } from "../examination.ts";

const permissionDenied = 7;

/** Whether etcd asks for a sign-in, and takes the one that was given. */
export const signIn: Check = {
  name: "sign-in",
  needs: "answers",
  async run(examination) {
    const { learned, credentials } = examination;
    const given = learned.token;
    learned.token = undefined;
    const without = await readAsOne(examination);
    learned.token = given;
    learned.needsSignIn = isSignInNeeded(without);
    if (credentials !== undefined) {
      const failed = await authenticate(examination, credentials);
      if (failed !== undefined) return failed;
    }
    return judge(await readAsOne(examination), examination);
  },
};

/** What etcd says to a read of the key; "" is success. */
async function readAsOne({ ask, key }: Examination): Promise<{ code: number; words: string }> {
  const { status, message } = await ask(KV.method.range, { key, countOnly: true });
  if (message !== undefined) return { code: 0, words: "" };
  return { code: status?.code ?? 2, words: wordsOf(status?.text ?? "no answer") };
}

function isSignInNeeded({ words }: { words: string }): boolean {
  return words === "user name is empty" || words === "invalid auth token";
}

async function authenticate(
  { ask, learned }: Examination,
  { name, password }: { readonly name: string; readonly password: string },
): Promise<Outcome | undefined> {
  const { message, status } = await ask(Auth.method.authenticate, { name, password });
  if (message !== undefined) learned.token = message.token;
  const words = wordsOf(status?.text ?? "");
  if (message !== undefined || words === "authentication is not enabled") return undefined;
  return {
    code: "sign-in-failed",
    level: "fault",
    seen: `Signing in as ${name} fails (${status?.text || "no answer"})`,
    means: "The name or the password is wrong, or the proxy lets nobody call Auth.Authenticate",
  };
}

function judge({ code, words }: { code: number; words: string }, { learned, credentials, key }: Examination): Outcome {
  const asked = learned.token !== undefined;
  const shown = new TextDecoder().decode(key);
  if (code === 0 && !learned.needsSignIn) return credentials === undefined && !asked ? open : unneeded;
  if (code === 0) return fine("etcd asks for a sign-in, and takes this one");
  if (isSignInNeeded({ words })) return asked ? (words === "invalid auth token" ? rejected : dropped) : needed;
  if (code === permissionDenied) return notPermitted(shown, words);
  return {
    code: "read-failed",
    level: "warning",
    seen: `A read of ${shown} fails (${words})`,
    means: "What is behind this URL answers, and not this read: later checks may say less",
  };
}

const open: Outcome = {
  code: "no-sign-in",
  level: "note",
  seen: "Reads need no sign-in",
  means: "Whoever reaches this URL may do what the proxy lets them: with a plain one, all that etcd can do",
};

const unneeded: Outcome = fine("etcd does not ask for a sign-in: the one that was given is not needed");

const needed: Outcome = {
  code: "needs-sign-in",
  level: "note",
  seen: "etcd asks for a sign-in, and none was given here",
  means: "Give the doctor a user or a token, and it sees more",
};

const rejected: Outcome = {
  code: "token-rejected",
  level: "fault",
  seen: "etcd does not take the token (invalid auth token)",
  means:
    "It has expired, is of another cluster, or etcd has restarted: simple tokens live five minutes, and in one member's memory",
};

const dropped: Outcome = {
  code: "token-dropped",
  level: "fault",
  seen: "A token was sent, and etcd says that there was none",
  means: "The proxy does not pass the header token on: nobody can sign in through it",
};

function notPermitted(key: string, words: string): Outcome {
  return {
    code: "not-permitted",
    level: "note",
    seen: `${key} may not be read (${words})`,
    means: "Let the doctor look at a key that may: later checks say less without",
  };
}
