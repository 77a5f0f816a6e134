import { afterEach, beforeEach, mock } from "node:test";
import { expect } from "chai";

/** From here on a test of the file fails that says anything to the console. An unhandled rejection fails one by itself. */
export function expectSilentConsole(): void {
  const said: unknown[] = [];
  beforeEach(() => {
    for (const method of ["debug", "error", "info", "log", "warn"] as const) {
      mock.method(console, method, (...words: unknown[]) => void said.push(words));
    }
  });
  afterEach(() => {
    mock.restoreAll();
    expect(said.splice(0)).to.deep.equal([]);
  });
}
