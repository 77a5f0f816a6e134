import { Command, Option } from "./bundled.ts";
import { addEtcdTls, type EtcdTlsOptions } from "./etcd-tls.ts";
import { collect, toCount, toLimit, toPort } from "./values.ts";

/** `etcd-web gateway` as it was asked for. */
export interface GatewayCommandOptions extends EtcdTlsOptions {
  readonly etcd: readonly string[];
  readonly port?: number;
  readonly host?: string;
  readonly allowOrigin?: readonly string[];
  readonly allowHost?: readonly string[];
  readonly prefix?: readonly string[];
  readonly readOnly?: boolean;
  readonly write?: boolean;
  readonly allowMethod?: readonly string[];
  readonly open?: boolean;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly monitorPort?: number;
  readonly monitorHost?: string;
  readonly limit?: Readonly<Record<string, number>>;
  readonly proxies?: number;
}

/** `etcd-web gateway`: gRPC-Web before a real etcd. */
export function gatewayCommand(version: string): Command {
  const command = new Command("gateway")
    .summary("a real etcd over gRPC-Web, for the pages you name")
    .description("Serve a real etcd over gRPC-Web: to pages of the origins you name, and the keys you name.")
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
    .option("--tls-cert <file>", "serve HTTPS and HTTP/2 with this certificate")
    .option("--tls-key <file>", "the private key of --tls-cert")
    .option("--monitor-port <number>", "serve /metrics for Prometheus, and /health, on this port", toPort)
    .option("--monitor-host <address>", "serve them on this address (default: 127.0.0.1)")
    .optionsGroup("Who may call:")
    .option("--allow-origin <origin>", "let pages of this origin call; repeat for more", collect)
    .option("--allow-host <name>", "answer to this name too; repeat for more", collect)
    .option("--proxies <number>", "proxies before it, whose X-Forwarded-For says who calls (default: 0)", toCount)
    .option(
      "--limit <name=number>",
      "bound what a client may take, such as callsPerSecond=100; repeat for more (their names: GatewayLimits)",
      toLimit,
    )
    .optionsGroup("What they may ask (one of --prefix and --open is needed):")
    .option("--prefix <prefix>", "let them read and watch the keys that begin so; repeat for more", collect)
    .addOption(new Option("--read-only", "and change nothing: so it is without --write").conflicts("write"))
    .option("--write", "and change those keys, with leases and locks of their own")
    .option("--allow-method <name>", "allow no methods but these, such as KV/Range; repeat for more", collect)
    .addOption(
      new Option("--open", "let them ask whatever etcd takes").conflicts([
        "prefix",
        "readOnly",
        "write",
        "allowMethod",
      ]),
    )
    .optionsGroup("Who they are to etcd (default: who their own token says):")
    .option("--user <name>", "this user, as whom the gateway signs in")
    .option("--password-file <file>", "their password (default: the variable ETCD_WEB_PASSWORD)")
    .addHelpText("after", examples)
    .action(async (options: GatewayCommandOptions) => {
      const { gateway } = await import("./gateway.ts");
      await gateway(options, version);
    });
}

const examples = `
Examples:
  etcd-web gateway --etcd 127.0.0.1:2379 --allow-origin https://app.example.com --prefix config/
  etcd-web gateway --etcd 127.0.0.1:2379 --prefix config/ --user web --password-file web.txt
  etcd-web gateway --etcd https://a.example.com:2379 --etcd https://b.example.com:2379 --cacert ca.crt --open

The last line it prints is its URL.`;
