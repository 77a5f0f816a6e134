import { Command, Option } from "./bundled.ts";
import { addEtcdTls, type EtcdTlsOptions } from "./etcd-tls.ts";
import { collect, toPort } from "./values.ts";

/** `etcd-web dev` as it was asked for. */
export interface DevOptions extends EtcdTlsOptions {
  readonly etcd?: readonly string[];
  readonly port?: number;
  readonly host?: string;
  readonly allowOrigin?: readonly string[];
  readonly allowHost?: readonly string[];
  readonly assets?: string;
}

/** `etcd-web dev`: the playground, with an etcd in memory behind it. */
export function devCommand(version: string): Command {
  const command = new Command("dev")
    .summary("the playground, with an etcd in memory behind it")
    .description(
      "Serve the playground with an etcd in memory behind it: to learn, and to develop a page against. What it holds goes when it stops.",
    )
    .addOption(new Option("--port <number>", "listen on this port (default: 5379)").env("PORT").argParser(toPort))
    .option("--host <address>", "listen on this address (default: 127.0.0.1, this machine alone)")
    .option("--allow-origin <origin>", "let pages of this origin call too; repeat for more", collect)
    .option("--allow-host <name>", "answer to this name too; repeat for more", collect)
    .option("--assets <folder>", "serve the files of this folder in place of the playground")
    .optionsGroup("Your own etcd:")
    .option("--etcd <host:port>", "put this etcd behind the page instead; repeat for more members", collect);
  return addEtcdTls(command)
    .addHelpText("after", examples)
    .action(async (options: DevOptions) => {
      // Help needs none of what serves.
      const { dev } = await import("./dev.ts");
      await dev(options, version);
    });
}

const examples = `
Examples:
  etcd-web dev
  etcd-web dev --allow-origin http://localhost:3000    # for a page that you develop there
  etcd-web dev --etcd 127.0.0.1:2379                   # the playground on your own etcd

The last line it prints is its URL.`;
