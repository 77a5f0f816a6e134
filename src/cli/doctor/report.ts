import { styleText } from "node:util";
import type { Diagnosis } from "../../doctor/diagnose.ts";
import { type Finding, type Fix, type Level, titles } from "../../doctor/finding.ts";
import { wrap } from "./wrap.ts";

const marks: Readonly<Record<Level, readonly [mark: string, color: "green" | "blue" | "yellow" | "red"]>> = {
  ok: ["✓", "green"],
  note: ["·", "blue"],
  warning: ["!", "yellow"],
  fault: ["✗", "red"],
};

const titleWidth = Math.max(...Object.values(titles).map(({ length }) => length)) + 2;
/** Of what stands right of mark and title. */
const margin = titleWidth + 4;

/** What is being looked at. */
export function heading(url: string, origin: string | undefined): string {
  const page = origin === undefined ? "" : `, for pages of ${origin}`;
  return `\n  ${styleText("bold", url)}${page}\n`;
}

/** One finding; `all`: with the lines of every proxy, whichever was seen. */
export function inWords({ level, title, seen, means, fixes }: Finding, all: boolean): string {
  const [mark, color] = marks[level];
  const [first = "", ...more] = wrap(`${seen}.`, width() - margin);
  const head = `  ${styleText(color, mark)} ${title.padEnd(titleWidth)}${level === "fault" ? styleText("bold", first) : first}`;
  const meaning = means === undefined ? [] : wrap(`${means}.`, width() - margin).map((line) => styleText("dim", line));
  const mended = all || level === "warning" || level === "fault" ? howMended(fixes, all) : [];
  return [head, ...[...more, ...meaning, ...mended].map((line) => `${" ".repeat(margin)}${line}`)].join("\n");
}

function howMended(fixes: readonly Fix[], all: boolean): readonly string[] {
  const shown = fixes.filter(({ of }) => all || of === fixes[0]?.of);
  const others = new Set(fixes.filter((fix) => !shown.includes(fix)).map(({ of }) => of));
  const elsewhere = `For ${[...others].join(", ")}: --all.`;
  return [...shown.flatMap(inLines), ...(others.size === 0 ? [] : wrap(elsewhere, width() - margin))];
}

function inLines({ of, where, lines }: Fix): readonly string[] {
  const place = wrap(`${of}: ${where}`, width() - margin);
  return [...place, ...lines.map((line) => `  ${styleText("cyan", line)}`)];
}

/** All of them, counted. */
export function summary({ findings, skipped }: Diagnosis): string {
  const count = (level: Level): number => findings.filter((finding) => finding.level === level).length;
  const counts = [
    counted(count("fault"), "fault"),
    counted(count("warning"), "warning"),
    counted(count("note"), "note"),
  ];
  const missed = skipped.map((check) => titles[check]).join(", ");
  const lines = [
    `${counts.join(", ")}.`,
    ...(missed === "" ? [] : wrap(`Not looked at, for what was found before: ${missed}.`, width() - 2)),
  ];
  return `\n${lines.map((line) => `  ${line}`).join("\n")}\n`;
}

function counted(number: number, what: string): string {
  return `${number === 0 ? "no" : number} ${what}${number === 1 ? "" : "s"}`;
}

function width(): number {
  return Math.min(process.stdout.columns ?? 100, 100);
}
