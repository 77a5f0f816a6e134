import { run } from "node:test";
import { absolute } from "./select-files.ts";

/** The most a test may take that does not set a bound of its own. */
const testTimeoutMs = 120_000;

/** The longest a file may say nothing: then it hangs, or something it started keeps it from ending. */
const silenceMs = 300_000;

/** A test that failed, or something around the tests that did. */
export interface Failure {
  /** The file's path, then the names of the suites and of the test. */
  readonly path: readonly string[];
  readonly error: unknown;
}

/** What came of a test file; only tests without tests of their own are counted. */
export interface FileResult {
  readonly file: string;
  readonly passed: number;
  readonly skipped: readonly string[];
  readonly failures: readonly Failure[];
  /** What it printed. */
  readonly output: string;
  readonly seconds: number;
}

/** Runs a test file in a process of its own. */
export async function runFile(file: string): Promise<FileResult> {
  const started = Date.now();
  const watchdog = new Watchdog(silenceMs);
  const tally = new Tally(file);
  const files = [absolute(file)];
  const execArgv = ["--import", new URL("whole-values.ts", import.meta.url).href];
  for await (const event of run({ files, execArgv, timeout: testTimeoutMs, signal: watchdog.signal })) {
    watchdog.heard();
    tally.take(event);
  }
  watchdog.stop();
  return tally.result((Date.now() - started) / 1000);
}

/** Aborts when it has heard nothing for too long. */
class Watchdog {
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(silence: number) {
    const reason = new Error(`The file said nothing for ${silence / 1000} s: a test hangs, or something is left open.`);
    this.#timer = setTimeout(() => this.#abort.abort(reason), silence);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  heard(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** The events the runner sends, as far as they matter here. */
type TestEvent = { type: string; data: unknown };
type TestData = {
  name: string;
  nesting: number;
  skip?: string | boolean;
  todo?: string | boolean;
  details: { type?: string; error?: Error & { failureType?: string; exitCode?: number } };
};

type Message = { message: string; file?: string };

/** Counts. The events come in the order of the file, a test's after those of the tests within it. */
class Tally {
  readonly #file: string;
  readonly #names: string[] = [];
  readonly #failures: Failure[] = [];
  readonly #skipped: string[] = [];
  #passed = 0;
  #output = "";
  /** How deep the test was that ended last: a test that ends above it contains it. */
  #lastNesting = 0;

  constructor(file: string) {
    this.#file = file;
  }

  take({ type, data }: TestEvent): void {
    if (type === "test:start") this.#start(data as TestData);
    if (type === "test:pass") this.#pass(data as TestData);
    if (type === "test:fail") this.#fail(data as TestData);
    if (type === "test:stdout" || type === "test:stderr") this.#output += (data as Message).message;
    if (type === "test:diagnostic") this.#note(data as Message);
  }

  result(seconds: number): FileResult {
    const failures = [...this.#failures];
    const counted = this.#passed + this.#skipped.length + failures.length;
    if (counted === 0) failures.push({ path: [this.#file], error: new Error("The file holds no test.") });
    return { file: this.#file, passed: this.#passed, skipped: this.#skipped, failures, output: this.#output, seconds };
  }

  #start({ name, nesting }: TestData): void {
    this.#names.length = nesting;
    this.#names[nesting] = name;
  }

  #pass(test: TestData): void {
    if (!this.#isLeaf(test) || this.#isTheFile(test)) return;
    if (isSkipped(test)) this.#skipped.push(this.#path(test).join(" > "));
    else this.#passed++;
  }

  /** A container whose only fault is a test within is not told a second time; one whose own hook or code failed is. */
  #fail(test: TestData): void {
    this.#isLeaf(test);
    const { error } = test.details;
    if (error?.failureType === "subtestsFailed") return;
    if (isSkipped(test)) this.#skipped.push(this.#path(test).join(" > "));
    else this.#failures.push({ path: this.#path(test), error: this.#reason(test) });
  }

  #reason(test: TestData): unknown {
    const { error } = test.details;
    if (this.#isTheFile(test) && error?.exitCode !== undefined) {
      return `The process of the file ended with code ${error.exitCode}; see what it printed.`;
    }
    return error?.cause ?? error;
  }

  /** Among the runner's own counts, which name no file, is what happened after a test had ended. */
  #note({ message, file }: Message): void {
    if (file !== undefined) this.#output += `${message}\n`;
  }

  #isLeaf({ nesting, details }: TestData): boolean {
    const holdsTests = this.#lastNesting > nesting || details.type === "suite";
    this.#lastNesting = nesting;
    return !holdsTests;
  }

  /** The runner tells of a file as of a test where it has no other test to tell of. */
  #isTheFile({ name }: TestData): boolean {
    return name === absolute(this.#file);
  }

  #path(test: TestData): string[] {
    return this.#isTheFile(test) ? [this.#file] : [this.#file, ...this.#names.slice(0, test.nesting), test.name];
  }
}

function isSkipped({ skip, todo }: TestData): boolean {
  return (skip !== undefined && skip !== false) || (todo !== undefined && todo !== false);
}
