import { compare, createEtcd, op } from "etcd-web";
import { createPortTransport } from "../../../port/port-transport.ts";
import { createConsole, Output } from "./console.ts";
import { inspect } from "./inspect.ts";
import { modulesAt } from "./modules.ts";

/** What the document has made of the code. */
type Program = (require: (name: string) => unknown, exports: Exports) => Promise<void>;

interface Exports {
  default?: unknown;
}

const output = new Output((said) => postMessage(said));

addEventListener(
  "message",
  ({ data, ports: [port] }) => {
    if (port !== undefined) void run((self as typeof self & { readonly program: Program }).program, port, data.lines);
  },
  { once: true },
);
addEventListener("message", ({ data }) => {
  if (data.kind === "shown") output.shown(data.count);
});

async function run(program: Program, port: MessagePort, lines: number): Promise<void> {
  addEventListener("error", (event) => {
    event.preventDefault();
    fail(event.error ?? event.message, lines);
  });
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    fail(event.reason, lines);
  });
  const etcd = createEtcd({ transport: createPortTransport(port) });
  // Globals, which the code may name again: what "copy as code" gives runs without a line of import.
  Object.assign(self, { etcd, op, compare, console: createConsole(output) });
  try {
    const exports: Exports = {};
    await program(modulesAt(etcd), exports);
    await show(exports.default);
    await etcd.close();
    output.end({ kind: "done" });
  } catch (error) {
    fail(error, lines);
  }
}

/** What is exported by default: item by item, as they come, if it is an async iterable. */
async function show(exported: unknown): Promise<void> {
  const value = await exported;
  if (value === undefined) return;
  if (!isAsyncIterable(value)) return output.line({ kind: "item", text: inspect(value) });
  for await (const item of value) output.line({ kind: "item", text: inspect(item) });
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

function fail(error: unknown, lines: number): void {
  const line = error instanceof Error ? lineOf(error, lines) : undefined;
  output.end({ kind: "failed", text: inspect(error), ...(line !== undefined && { line }) });
}

/** The first line of the code in an error's stack. Below the code, this script stands in the same file. */
function lineOf({ stack = "" }: Error, lines: number): number | undefined {
  const found = Array.from(stack.matchAll(/blob:[^\s)]*?:(\d+):\d+/g), ([, line]) => Number(line));
  return found.find((line) => line <= lines);
}
