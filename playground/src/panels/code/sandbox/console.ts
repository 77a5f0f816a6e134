import { inspect } from "./inspect.ts";
import type { Said, Tone } from "./messages.ts";

/** Lines that may be on their way: a loop that prints without end fills nobody's memory. */
const atMost = 500;

/** What is said to the page, no faster than it shows it. */
export class Output {
  readonly #say: (said: Said) => void;
  #underway = 0;
  #leftOut = 0;

  constructor(say: (said: Said) => void) {
    this.#say = say;
  }

  line(said: Said): void {
    if (this.#underway >= atMost) {
      this.#leftOut++;
      return;
    }
    this.#tellLeftOut();
    this.#underway++;
    this.#say(said);
  }

  /** The page has shown so many. */
  shown(count: number): void {
    this.#underway -= count;
  }

  end(said: Said): void {
    this.#tellLeftOut();
    this.#say(said);
  }

  #tellLeftOut(): void {
    if (this.#leftOut > 0) this.#say({ kind: "left-out", count: this.#leftOut });
    this.#leftOut = 0;
  }
}

/** A console whose lines go to the page. */
export function createConsole(output: Output): object {
  const print =
    (tone: Tone) =>
    (...values: readonly unknown[]): void => {
      const text = values.map((value) => (typeof value === "string" ? value : inspect(value))).join(" ");
      output.line({ kind: "line", tone, text });
    };
  const begun = new Map<string, number>();
  return {
    log: print("log"),
    debug: print("log"),
    dir: print("log"),
    table: print("log"),
    info: print("info"),
    warn: print("warn"),
    error: print("error"),
    trace: print("log"),
    assert: (held: unknown, ...values: readonly unknown[]) => {
      if (!held) print("error")("Assertion failed", ...values);
    },
    time: (label = "default") => void begun.set(label, performance.now()),
    timeEnd: (label = "default") => {
      const ms = performance.now() - (begun.get(label) ?? performance.now());
      print("log")(`${label}: ${ms.toFixed(1)} ms`);
    },
  };
}
