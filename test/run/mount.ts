import { test } from "node:test";
import { contract } from "../contract/contract.ts";
import { type Case, runCase, type Target } from "../contract/suite.ts";

/** The contract as tests of this process, one after the other: they count what is left on a server they share. */
export function mountContract(target: () => Target, cases: readonly Case[] = contract): void {
  for (const { name, run } of cases) test(name, () => runCase(target(), run));
}
