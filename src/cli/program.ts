import { styleText } from "node:util";
import { Command, Option } from "./bundled.ts";
import { devCommand } from "./dev-command.ts";
import { doctorCommand } from "./doctor-command.ts";
import { exitCodesInHelp } from "./exit.ts";
import { gatewayCommand } from "./gateway-command.ts";

/** The command `etcd-web` with all that it can do. */
export function createProgram(version: string): Command {
  const program = new Command("etcd-web")
    .description("etcd for pages: one in memory to try, a gateway before a real one, a doctor for proxies.")
    .usage("<command> [options]")
    .version(version, "-v, --version", "print the version")
    .helpCommand(false)
    .addHelpText("after", `${examples}\n${exitCodesInHelp}`);
  for (const command of [devCommand(version), gatewayCommand(version), doctorCommand()]) program.addCommand(command);
  for (const command of [program, ...program.commands]) settle(command);
  return program;
}

const examples = `
Examples:
  etcd-web dev
  etcd-web gateway --etcd 127.0.0.1:2379 --allow-origin https://app.example.com --prefix config/
  etcd-web doctor https://etcd.example.com --origin https://app.example.com

etcd-web <command> --help says more.`;

/** What is the same for all. */
function settle(command: Command): void {
  command
    .exitOverride()
    .addHelpOption(new Option("-h, --help", "print this").helpGroup("Options:"))
    .configureHelp({ styleTitle: (title) => styleText("bold", title), showGlobalOptions: false })
    .configureOutput({
      outputError: (text, write) => write(`${sentence(text)}\n${nameOf(command)} --help says what there is.\n`),
    });
}

/** commander's words as this command speaks. */
function sentence(text: string): string {
  const [first = "", ...rest] = text
    .replace(/^error: /, "")
    .trim()
    .split("\n");
  return [`${first.charAt(0).toUpperCase()}${first.slice(1)}`.replace(/[^.?]$/, "$&."), ...rest].join("\n");
}

function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}
