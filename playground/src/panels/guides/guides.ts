/** A guide, by the name of its file: `#/guides/name`. */
export interface Guide {
  readonly name: string;
  readonly title: string;
  readonly markdown: string;
}

const files = import.meta.glob<string>("../../../guides/*.md", { query: "?raw", import: "default", eager: true });

/** What the contents are called, as a file. */
const contentsName = "README";

const all: readonly Guide[] = Object.entries(files).map(([path, markdown]) => ({
  name: path.replace(/^.*\/(.*)\.md$/, "$1"),
  title: /^# (.*)$/m.exec(markdown)?.[1] ?? path,
  markdown,
}));

/** What there is, and where. */
export const contents: Guide = findGuide(contentsName) ?? { name: contentsName, title: "Guides", markdown: "# Guides" };

/** In the order of the contents. */
export const guides: readonly Guide[] = all
  .filter((guide) => guide !== contents)
  .toSorted((a, b) => contents.markdown.indexOf(`(${a.name}.md)`) - contents.markdown.indexOf(`(${b.name}.md)`));

export function findGuide(name: string): Guide | undefined {
  return all.find((guide) => guide.name === name);
}

/** Files to copy that the guides link to, as they lie beside the page. */
const toCopy = import.meta.glob<string>("../../../examples/**/*.yaml", {
  query: "?url",
  import: "default",
  eager: true,
});

/** Where a link of a guide leads. */
export type Target =
  | { readonly kind: "guide"; readonly page: string }
  | { readonly kind: "url"; readonly url: string }
  /** In the repository, and not with this page. */
  | { readonly kind: "path"; readonly path: string };

/** `proxy.md#envoy`, `#envoy`, `../examples/envoy/envoy.yaml`, `https://…`: as they stand in the guide. */
export function targetOf(href: string, { name }: Guide): Target {
  if (/^https?:/.test(href)) return { kind: "url", url: href };
  const [path = "", heading] = href.split("#");
  const guide = path === "" ? name : path.replace(/\.md$/, "");
  if (findGuide(guide)) return { kind: "guide", page: heading === undefined ? guide : `${guide}/${heading}` };
  const url = toCopy[path.replace(/^\.\.\//, "../../../")];
  if (url !== undefined) return { kind: "url", url };
  return { kind: "path", path: new URL(path, "https://repository/playground/guides/").pathname.slice(1) };
}
