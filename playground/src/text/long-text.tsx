import { useState } from "react";
import type { Excerpt } from "./excerpt.ts";

const tooltipCharacters = 1000;

interface LongTextProps {
  readonly excerpt: Excerpt;
  /** Characters before it is cut. */
  readonly short: number;
}

/** A value in monospace, cut to a few lines; a click shows as much of it as there is. */
export function LongText({ excerpt: { text, left }, short }: LongTextProps) {
  const [open, setOpen] = useState(false);
  const long = text.length > short || text.includes("\n");
  if (text === "") return <em className="none">empty</em>;
  if (!long) return <code className="value">{text}</code>;
  return (
    <span className="long">
      <code className="value" title={open ? undefined : text.slice(0, tooltipCharacters)}>
        {open ? text : `${firstLine(text, short)}…`}
      </code>
      {open && left > 0 && <em className="none"> and {left.toLocaleString("en")} bytes more</em>}{" "}
      <button type="button" className="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? "less" : "more"}
      </button>
    </span>
  );
}

function firstLine(text: string, characters: number): string {
  const [line = ""] = text.split("\n", 1);
  // By characters, not UTF-16 units: half an emoji is none.
  return Array.from(line.slice(0, 2 * characters))
    .slice(0, characters)
    .join("")
    .trimEnd();
}
