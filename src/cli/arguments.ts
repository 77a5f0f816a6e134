import { parseArgs } from "node:util";

/** What `etcd-web` was asked to do. */
export type Command =
  | { readonly name: "help" }
  | { readonly name: "version" }
  | { readonly name: "serve"; readonly options: ServeOptions };

/** `etcd-web serve`. */
export interface ServeOptions {
  /** Addresses of a real etcd; none for the one in memory. */
  readonly etcd: readonly string[];
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly origins: readonly string[];
  readonly hosts: readonly string[];
  readonly assets: string | undefined;
}

/** The command line cannot be understood; the message says why. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What `--help` prints. */
export const usage = `Usage: etcd-web [serve] [options]

Serves etcd over gRPC-Web, for pages, Workers and Deno: an etcd in memory, or
a real one. It listens on this machine alone, and answers only callers that
are no browser and pages it serves itself, until you allow more.

  --etcd <host:port>     put a real etcd behind it; repeat for more members
  --port <number>        listen on this port (default: $PORT, or 5379)
  --host <address>       listen on this address (default: 127.0.0.1)
  --origin <origin>      let pages of this origin call, such as
                         http://localhost:3000; repeat for more
  --allow-host <name>    answer to this name too; repeat for more
  --assets <folder>      serve the files of this folder beside the calls

  --help                 print this
  --version              print the version`;

/** The variables the command looks at. */
interface Environment {
  readonly PORT?: string | undefined;
}

/** Reads a command line; throws {@link UsageError} for one it does not understand. */
export function readArguments(args: readonly string[], environment: Environment): Command {
  const { values, positionals } = parse(args);
  if (values.help) return { name: "help" };
  if (values.version) return { name: "version" };
  const [command = "serve", ...more] = positionals;
  if (command !== "serve") throw new UsageError(`There is no command ${JSON.stringify(command)}, only serve`);
  if (more.length > 0) throw new UsageError(`serve takes no argument ${JSON.stringify(more[0])}, only options`);
  return { name: "serve", options: toServeOptions(values, environment) };
}

type Values = ReturnType<typeof parse>["values"];

function toServeOptions(values: Values, environment: Environment): ServeOptions {
  return {
    etcd: values.etcd ?? [],
    host: values.host,
    port: toPort("--port", values.port) ?? toPort("PORT", environment.PORT),
    origins: values.origin ?? [],
    hosts: values["allow-host"] ?? [],
    assets: values.assets,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // After the first sentence come hints for those who wrote the options, not for those who use them.
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(message.split(/\.\s/, 1)[0], { cause: error });
  }
}

const options = {
  etcd: { type: "string", multiple: true },
  port: { type: "string" },
  host: { type: "string" },
  origin: { type: "string", multiple: true },
  "allow-host": { type: "string", multiple: true },
  assets: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

function toPort(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (/^\d+$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError(`${name} must be a number from 0 to 65535, not ${JSON.stringify(text)}`);
}
