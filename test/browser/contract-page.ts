import { contract } from "../contract/contract.ts";
import { runCase, type Target, type Traits } from "../contract/suite.ts";

/** How a case failed, in a form that leaves the page. */
export interface Failure {
  readonly message: string;
  readonly stack: string;
}

declare global {
  /** Given by the test process: counts what is left on the server. */
  var settled: () => Promise<void>;
  /** Runs one case of the contract in this page; undefined: it holds. */
  var runContractCase: (name: string, endpoint: string, traits: Traits) => Promise<Failure | undefined>;
}

globalThis.runContractCase = async (name, endpoint, traits) => {
  const found = contract.find((each) => each.name === name);
  if (found === undefined) return { message: `There is no case "${name}" in this page`, stack: "" };
  const target: Target = { options: { endpoints: endpoint }, traits, settled: () => globalThis.settled() };
  try {
    await runCase(target, found.run);
    return undefined;
  } catch (error) {
    const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
    return { message, stack };
  }
};
