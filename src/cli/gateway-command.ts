import { Command, Option } from "./bundled.ts";
import { addEtcdTls, type EtcdTlsOptions } from "./etcd-tls.ts";
import { collect, toPort } from "./values.ts";

/** `etcd-web gateway` as it was asked for. */
export interface GatewayCommandOptions extends EtcdTlsOptions {
  readonly etcd: readonly string[];
  readonly port?: number;
  readonly host?: string;
  readonly allowOrigin?: readonly string[];
  readonly allowHost?: readonly string[];
}

/** `etcd-web gateway`: gRPC-Web before a real etcd. */
export function gatewayCommand(version: string): Command {
  const command = new Command("gateway")
    .summary("a real etcd over gRPC-Web, for the pages you name")
    .description("Serve a real etcd over gRPC-Web: to pages of the origins you name, and to no other page.")
    .optionsGroup("The way to etcd:")
    .requiredOption(
      "--etcd <host:port>",
      "the etcd behind it, with https:// for TLS; repeat for more members",
      collect,
    );
  return addEtcdTls(command)
    .optionsGroup("Where it listens:")
    .addOption(new Option("--port <number>", "listen on this port (default: 5379)").env("PORT").argParser(toPort))
    .option("--host <address>", "listen on this address (default: 127.0.0.1, this machine alone)")
    .optionsGroup("Who may call:")
    .option("--allow-origin <origin>", "let pages of this origin call; repeat for more", collect)
    .option("--allow-host <name>", "answer to this name too; repeat for more", collect)
    .addHelpText("after", examples)
    .action(async (options: GatewayCommandOptions) => {
      const { gateway } = await import("./gateway.ts");
      await gateway(options, version);
    });
}

const examples = `
Examples:
  etcd-web gateway --etcd 127.0.0.1:2379 --allow-origin https://app.example.com
  etcd-web gateway --etcd https://a.example.com:2379 --etcd https://b.example.com:2379 --cacert ca.crt

The last line it prints is its URL.`;
