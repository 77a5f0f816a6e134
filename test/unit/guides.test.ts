import { glob, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { expect } from "chai";
import { lexer, type Token, walkTokens } from "marked";
import { headingId } from "../../playground/src/panels/guides/headings.ts";
import { createProgram } from "../../src/cli/program.ts";
import { findReason } from "../../src/transport/reasons.ts";
import { guidesFolder } from "../fixtures/guides.ts";

const root = join(import.meta.dirname, "../..");

describe("the documents", () => {
  it("link to what is there, headings included", async () => {
    const broken: string[] = [];
    for (const file of await paths(["*.md", "{src,playground}/**/*.md"])) {
      for (const link of linksIn(await text(file))) {
        if (/^(https?:|#)/.test(link) && !link.startsWith("#")) continue;
        const [path = "", heading] = link.split("#");
        const target = path === "" ? file : join(dirname(file), path);
        if (!(await isThere(target, heading))) broken.push(`${file}: ${link}`);
      }
    }
    expect(broken).to.deep.equal([]);
  });

  it("name every guide in the contents", async () => {
    const linked = linksIn(await text("playground/guides/README.md"));
    const guides = await paths(["*.md"], guidesFolder);
    expect(guides.filter((guide) => guide !== "README.md" && !linked.includes(guide))).to.deep.equal([]);
  });

  it("quote messages that there are", async () => {
    const sources = await Promise.all((await paths(["src/**/*.ts"])).map(text));
    const all = sources.join("\n");
    const unknown: string[] = [];
    for (const message of quotedIn(await text("playground/guides/troubleshooting.md"))) {
      const isOfEtcd = message.startsWith("etcdserver: ") && findReason(message) !== undefined;
      const pieces = message
        .split(/…|https?:\/\/\S+|\b\d+\b|\(\w.*?\)|\bwith text\/html\b|\bKV\.Put: |"[^"]*"/)
        .map((piece) => piece.trim());
      const isOurs = pieces.filter((piece) => piece.length > 4).every((piece) => all.includes(piece));
      if (!isOfEtcd && !isOurs) unknown.push(message);
    }
    expect(unknown).to.deep.equal([]);
  });

  it("start the command with options that it has", async () => {
    const refused: string[] = [];
    let tried = 0;
    for (const file of await paths(["*.md", "{src,playground}/**/*.md"])) {
      for (const args of commandsIn(await text(file))) {
        if (args.length === 1) continue; // it is named, not started
        tried++;
        const refusal = await refusalOf(args);
        if (refusal !== undefined) refused.push(`${file}: ${refusal}`);
      }
    }
    expect(tried).to.be.greaterThan(10);
    expect(refused).to.deep.equal([]);
  });
});

/** The arguments of each `npx etcd-web` and `npm start`, which is its `dev`. */
function commandsIn(markdown: string): string[][] {
  const texts: string[] = [];
  void walkTokens(lexer(markdown), (token) => {
    if (token.type === "codespan" || token.type === "code") texts.push(token.text.replaceAll("\\\n", " "));
  });
  const commands = texts.flatMap((each) => [...each.matchAll(/(npx etcd-web|npm start --) +([^\n#&|]+)/g)]);
  return commands.map(([, start, rest = ""]) => {
    const args = rest
      .trim()
      .split(/ +/)
      .map((arg) => arg.replaceAll('"', ""));
    return start === "npx etcd-web" ? args : ["dev", ...args];
  });
}

/** What the command says to these arguments; undefined where it would begin. */
async function refusalOf(args: readonly string[]): Promise<string | undefined> {
  const program = createProgram("0.0.0");
  const silent = { writeOut: () => {}, writeErr: () => {} };
  for (const command of [program, ...program.commands]) command.configureOutput(silent).action(() => {});
  const refusal: unknown = await program.parseAsync(args, { from: "user" }).catch((error: unknown) => error);
  if (!(refusal instanceof Error) || ("exitCode" in refusal && refusal.exitCode === 0)) return undefined;
  return `${args.join(" ")}: ${refusal.message}`;
}

/** The sentences in the first column of a table: what is no more than a word is a code, and known to the compiler. */
function quotedIn(markdown: string): string[] {
  const rows = lexer(markdown).flatMap((token) => (token.type === "table" ? token.rows : []));
  const firsts: Token[] = rows.flatMap(([first]) => first?.tokens ?? []);
  const spans = firsts.flatMap((token) => (token.type === "codespan" ? [String(token.text)] : []));
  return spans.filter((span) => /^(etcdserver: |…|[A-Z]).* /.test(span) && !/^(TypeError|Symbol)/.test(span));
}

function linksIn(markdown: string): string[] {
  const links: string[] = [];
  void walkTokens(lexer(markdown), (token) => {
    if (token.type === "link" || token.type === "image") links.push(token.href);
  });
  return links;
}

async function isThere(path: string, heading: string | undefined): Promise<boolean> {
  const found = await paths([path, `${path}/README.md`]);
  if (found.length === 0) return false;
  if (heading === undefined) return true;
  const file = found.find((each) => each.endsWith(".md"));
  if (file === undefined) return false;
  return lexer(await text(file)).some((token) => token.type === "heading" && headingId(token.text) === heading);
}

function text(path: string): Promise<string> {
  return readFile(join(root, path), "utf8");
}

async function paths(patterns: string[], cwd: string = root): Promise<string[]> {
  const found: string[] = [];
  for await (const path of glob(patterns, { cwd, exclude: ["**/node_modules/**"] })) found.push(path);
  return found;
}
