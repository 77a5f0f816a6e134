import { AssertionError, expect } from "chai";
import { type EtcdError, type EtcdErrorCode, isEtcdError } from "../../src/index.ts";

/** What compilers call where an engine does not know `Symbol.asyncDispose`: WebKit. */
export const asyncDispose: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");

/** The EtcdError that `promise` rejects with; anything else fails. */
export async function rejection(promise: PromiseLike<unknown>, code: EtcdErrorCode): Promise<EtcdError> {
  const error = await reasonOf(promise);
  if (!isEtcdError(error)) throw new AssertionError(`expected EtcdError "${code}", not ${String(error)}`);
  expect(error.code, error.message).to.equal(code);
  return error;
}

/** Whatever `promise` rejects with. */
export async function reasonOf(promise: PromiseLike<unknown>): Promise<unknown> {
  const settled = await Promise.allSettled([promise]);
  if (settled[0].status === "rejected") return settled[0].reason;
  throw new AssertionError("expected a rejection");
}

/** The EtcdError that `run` throws at once. */
export function thrown(run: () => unknown, code: EtcdErrorCode): EtcdError {
  try {
    run();
  } catch (error) {
    if (!isEtcdError(error)) throw error;
    expect(error.code, error.message).to.equal(code);
    return error;
  }
  throw new AssertionError(`expected EtcdError "${code}"`);
}

/** The first `count` values of a sequence; leaving it ends the sequence. */
export async function take<T>(sequence: AsyncIterable<T>, count: number): Promise<T[]> {
  const values: T[] = [];
  for await (const value of sequence) {
    values.push(value);
    if (values.length === count) break;
  }
  return values;
}

/** Polls until `check` is true; fails after a generous while. */
export async function until(what: string, check: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await check())) {
    if (Date.now() > deadline) throw new AssertionError(`${what}: not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
