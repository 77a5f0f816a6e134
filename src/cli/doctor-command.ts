import { Command, Option } from "./bundled.ts";
import { toQuietSeconds } from "./values.ts";

/** `etcd-web doctor` as it was asked for. */
export interface DoctorOptions {
  readonly origin?: string;
  readonly key?: string;
  readonly quiet: number;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly tokenFile?: string;
  readonly cacert?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `etcd-web doctor`: what is wrong with a proxy before etcd. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .summary("say what is wrong with a proxy before etcd, and what mends it")
    .description(
      "Look at a gRPC-Web proxy before etcd as a page would use it, and say what is wrong and which line of its configuration mends it. It reads and watches, and writes nothing.",
    )
    .argument("<url>", "of the proxy, as createEtcd is given it")
    .option("--origin <origin>", "of the page that is to call: without it CORS cannot be judged")
    .option("--key <key>", "a key that may be read; it need not exist (default: etcd-web-doctor)")
    .addOption(
      new Option("--quiet <seconds>", "hold a stream for so long on which nothing happens; 0: do not")
        .argParser(toQuietSeconds)
        .default(20),
    )
    .option("--user <name>", "sign in; the password comes from --password-file or $ETCD_WEB_PASSWORD")
    .option("--password-file <file>", "the file with the password")
    .addOption(
      new Option(
        "--token-file <file>",
        "the file with a token, in place of a user (default: $ETCD_WEB_TOKEN)",
      ).conflicts("user"),
    )
    .option("--cacert <file>", "trust this authority, in PEM, beside those that are known")
    .option("--all", "show how every proxy is mended, whichever was seen")
    .option("--json", "print all that was found as JSON")
    .addHelpText("after", afterHelp)
    .action(async (url: string, options: DoctorOptions) => {
      const { doctor } = await import("./doctor/doctor.ts");
      await doctor(url, options);
    });
}

const afterHelp = `
Examples:
  etcd-web doctor http://localhost:8080 --origin http://localhost:3000
  etcd-web doctor https://etcd.example.com --origin https://app.example.com --quiet 320
  etcd-web doctor https://etcd.example.com --user reader --key config/theme --json

Exit codes: 0 no fault (there may be warnings), 1 a fault, 2 the command line is not understood.`;
