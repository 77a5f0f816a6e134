import { readFile } from "node:fs/promises";

/** What typedoc writes of a declaration, as far as it is looked at. */
interface Declaration {
  readonly name: string;
  readonly kind: number;
  readonly children?: readonly Declaration[];
  readonly signatures?: readonly Declaration[];
  readonly type?: { readonly name?: string; readonly typeArguments?: readonly { readonly name?: string }[] };
  readonly comment?: { readonly blockTags?: readonly { readonly tag: string }[] };
}

const modules = 2;
const functions = 64;

/** Says which exported function shows nobody how it is used. */
const file = process.argv[2] ?? "";
const project: Declaration = JSON.parse(await readFile(file, "utf8"));
const entries = project.children?.filter(({ kind }) => kind === modules) ?? [];
if (entries.length < 10)
  throw new Error(`${file} holds ${entries.length} entries of the package: typedoc wrote something else.`);
const without = entries.flatMap((entry) =>
  (entry.children ?? [])
    .filter(({ kind, signatures = [] }) => kind === functions && !signatures.some((each) => isShown(each, entry)))
    .map(({ name }) => `${entry.name}: ${name}() has no @example`),
);
if (without.length > 0) {
  console.log(without.join("\n"));
  process.exitCode = 1;
}

/** By an example of its own, or of what it gives. */
function isShown(signature: Declaration, { children = [] }: Declaration): boolean {
  const given = [signature.type?.name, signature.type?.typeArguments?.[0]?.name];
  return [signature, ...children.filter(({ name }) => given.includes(name))].some(hasExample);
}

function hasExample({ comment }: Declaration): boolean {
  return comment?.blockTags?.some(({ tag }) => tag === "@example") ?? false;
}
