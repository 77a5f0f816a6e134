import { once } from "node:events";
import { test } from "node:test";
import { expect } from "chai";
import { globalPlatform } from "../../../src/platform/platform.ts";

// A time that has passed is no reason to write to a user's console, as Node does.
test("setTimeout() of a time that has passed runs at once, and warns nobody", async () => {
  const warnings: Error[] = [];
  const listen = (warning: Error): void => void warnings.push(warning);
  process.on("warning", listen);
  await new Promise<void>((resolve) => globalPlatform.setTimeout(resolve, -500));
  const told = once(process, "warning");
  process.emitWarning("the last one");
  await told;
  process.off("warning", listen);
  expect(warnings.map(({ message }) => message)).to.deep.equal(["the last one"]);
});
