import type { WriteStream } from "node:tty";
import type { Progress } from "../../doctor/diagnose.ts";

/** Shorter checks are over before anybody has read what is being looked at. */
const patienceMs = 2_000;

/** One line that says what takes so long: rewritten on a terminal; elsewhere written once for each long check. */
export class ProgressLine {
  readonly #stream: WriteStream;
  #shown = false;
  #named: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: WriteStream) {
    this.#stream = stream;
  }

  show({ title, seconds, ofSeconds }: Progress): void {
    if (seconds === undefined || ofSeconds === undefined) {
      this.#later(`${title} …`);
    } else if (this.#stream.isTTY) {
      this.#write(`${title}: ${seconds} of ${ofSeconds} s …`);
    } else if (title !== this.#named && ofSeconds * 1000 > patienceMs) {
      this.#stream.write(`${title}: ${ofSeconds} s …\n`);
      this.#named = title;
    }
  }

  clear(): void {
    clearTimeout(this.#timer);
    if (!this.#shown) return;
    this.#stream.clearLine(0);
    this.#stream.cursorTo(0);
    this.#shown = false;
  }

  #later(text: string): void {
    clearTimeout(this.#timer);
    if (this.#stream.isTTY) this.#timer = setTimeout(() => this.#write(text), patienceMs).unref();
  }

  #write(text: string): void {
    this.clear();
    this.#stream.write(`  ${text}`);
    this.#shown = true;
  }
}
