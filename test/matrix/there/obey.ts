import { contract } from "../../contract/contract.ts";
import { runCase } from "../../contract/suite.ts";
import type { Order, Outcome } from "../orders.ts";
import { complaints } from "./complaints.ts";

/** For a case. Most take a tenth of a second; a thousand writes of WebKit's over HTTP/2 take most of a minute. */
const longestMs = 120_000;

/** Does what the desk says, until it says that there is no more. */
export async function obeyAll(desk: string): Promise<void> {
  while (await obeyOnce(desk));
}

/** Does one thing that the desk says; false: there is nothing more to do. */
export async function obeyOnce(desk: string): Promise<boolean> {
  const response = await tell(desk, "order", navigator.userAgent);
  if (response.status === 204) return false;
  const outcome = await carryOut((await response.json()) as Order, desk);
  await tell(desk, "outcome", JSON.stringify(outcome));
  return true;
}

async function carryOut({ name, endpoint, traits }: Order, desk: string): Promise<Outcome> {
  const settled = async (): Promise<void> => void (await tell(desk, "settled"));
  try {
    const found = contract.find((each) => each.name === name);
    if (found === undefined) throw new Error(`There is no case "${name}" here.`);
    await inTime(runCase({ options: { endpoints: endpoint }, traits, settled }, found.run));
    return { complaints: complaints() };
  } catch (error) {
    const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
    return { failure: { message, stack }, complaints: complaints() };
  }
}

/** What hangs must not hold up the cases that follow. */
async function inTime(work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`It did not end within ${longestMs / 1000} s.`)), longestMs);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function tell(desk: string, what: string, body = ""): Promise<Response> {
  const response = await fetch(`${desk}/${what}`, { method: "POST", body });
  if (!response.ok) throw new Error(await response.text());
  return response;
}
