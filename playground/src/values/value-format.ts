import { applyEdits, format as formatEdits } from "jsonc-parser";
import { parseAllDocuments } from "yaml";
import { utf8 } from "../text/key-text.ts";

/** How a value is shown and edited; what is stored are bytes. */
export type ValueFormat = "text" | "json" | "yaml" | "hex";

export const valueFormats = [
  { id: "text", label: "Text" },
  { id: "json", label: "JSON" },
  { id: "yaml", label: "YAML" },
  { id: "hex", label: "Hex" },
] as const satisfies readonly { readonly id: ValueFormat; readonly label: string }[];

/** What text stands for, or what is wrong with it. */
export type Encoded = { readonly bytes: Uint8Array; readonly fault?: undefined } | { readonly fault: string };

const encoder = new TextEncoder();
const hexLine = 16;

/** What a value looks like. */
export function guessFormat(key: string, value: Uint8Array): ValueFormat {
  const text = utf8(value);
  if (text === undefined || text.includes("\0")) return "hex";
  if (/\.ya?ml$/.test(key)) return "yaml";
  if (/\.json$/.test(key) || (/^\s*[[{]/.test(text) && faultOf(text, "json") === undefined)) return "json";
  return "text";
}

/** A value as text of a format; undefined: it has none, as it is not UTF-8. */
export function showValue(value: Uint8Array, format: ValueFormat): string | undefined {
  if (format !== "hex") return utf8(value);
  const bytes = Array.from(value, (byte) => byte.toString(16).padStart(2, "0"));
  const lines = Array.from({ length: Math.ceil(bytes.length / hexLine) }, (_, line) =>
    bytes.slice(line * hexLine, (line + 1) * hexLine).join(" "),
  );
  return lines.join("\n");
}

/** The bytes to store. JSON and YAML are stored as they were written, if they are valid. */
export function readValue(text: string, format: ValueFormat): Encoded {
  const fault = faultOf(text, format);
  if (fault !== undefined) return { fault };
  if (format !== "hex") return { bytes: encoder.encode(text) };
  const digits = text.replace(/\s/g, "");
  return { bytes: Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) };
}

/** The same, laid out anew. Nothing but white space changes: no number loses a digit, no comment is lost. */
export function layOut(text: string, format: ValueFormat): string {
  if (format === "json") return applyEdits(text, formatEdits(text, undefined, { insertSpaces: true, tabSize: 2 }));
  if (format === "yaml") return layOutYaml(text);
  const encoded = format === "hex" ? readValue(text, format) : undefined;
  return (encoded?.fault === undefined && encoded && showValue(encoded.bytes, "hex")) || text;
}

/** Without a schema that reads numbers: each scalar stays as it was written. */
function layOutYaml(text: string): string {
  const documents = parseAllDocuments(text, { schema: "failsafe" });
  if (documents.length === 0) return text; // Nothing, or nothing but comments.
  const laidOut = documents.map((document) => document.toString({ lineWidth: 0 }));
  return laidOut.map((each) => each.replace(/^(---)?\s+$/, "$1\n")).join(""); // an empty one gets a line each time
}

function faultOf(text: string, format: ValueFormat): string | undefined {
  if (format === "json") return jsonFault(text);
  if (format === "yaml") return yamlFault(text);
  if (format === "text") return undefined;
  const wrong = /[^0-9a-f\s]/i.exec(text)?.[0];
  if (wrong !== undefined) return `"${wrong}" is not a hexadecimal digit`;
  return text.replace(/\s/g, "").length % 2 === 0 ? undefined : "A digit is missing: each byte has two";
}

function yamlFault(text: string): string | undefined {
  const [first] = parseAllDocuments(text).flatMap(({ errors }) => errors);
  return first?.message.split("\n")[0];
}

function jsonFault(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error
      ? error.message.replace(/^JSON\.parse: |, "[\s\S]*" is not valid JSON$/g, "")
      : String(error);
  }
}
