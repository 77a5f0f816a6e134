import { lexer, type Token, type Tokens } from "marked";
import { Fragment, type ReactNode, useMemo } from "react";
import { GuideCode } from "./guide-code.tsx";
import { headingId } from "./headings.ts";

/** Shows Markdown as elements: no HTML is made of it, so there is none to be wary of. */
export function Markdown(props: { readonly text: string; readonly renderLink: LinkRenderer }) {
  const tokens = useMemo(() => lexer(props.text), [props.text]);
  return blocks(tokens, props.renderLink);
}

/** What a link is shown as. */
export type LinkRenderer = (href: string, children: ReactNode) => ReactNode;

/** marked's own type of a token has one that fits everything. */
type Block =
  | Tokens.Heading
  | Tokens.Paragraph
  | Tokens.List
  | Tokens.Table
  | Tokens.Code
  | Tokens.Blockquote
  | Tokens.Text
  | Tokens.Space;
type Inline =
  | Tokens.Text
  | Tokens.Escape
  | Tokens.Codespan
  | Tokens.Strong
  | Tokens.Em
  | Tokens.Link
  | Tokens.Image
  | Tokens.Br;

function blocks(tokens: readonly Token[], link: LinkRenderer): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: a text does not change
  return tokens.map((token, at) => <Fragment key={at}>{block(token as Block, link)}</Fragment>);
}

function block(token: Block, link: LinkRenderer): ReactNode {
  switch (token.type) {
    case "heading":
      return heading(token, link);
    case "paragraph":
      return <p>{inlines(token.tokens, link)}</p>;
    case "code":
      return <GuideCode lang={token.lang} code={token.text} />;
    case "list":
      return list(token, link);
    case "table":
      return table(token, link);
    case "blockquote":
      return <blockquote>{blocks(token.tokens, link)}</blockquote>;
    case "text":
      return inlines(token.tokens ?? [token], link);
    default:
      return null;
  }
}

/** One level down: the page has a title of its own. They take the focus when a link leads to them. */
function heading({ depth, text, tokens }: Tokens.Heading, link: LinkRenderer): ReactNode {
  const Level = `h${Math.min(depth + 1, 6)}` as "h2";
  return (
    <Level id={`guide-${headingId(text)}`} tabIndex={-1}>
      {inlines(tokens, link)}
    </Level>
  );
}

function list({ ordered, items }: Tokens.List, link: LinkRenderer): ReactNode {
  const Kind = ordered ? "ol" : "ul";
  return (
    <Kind>
      {items.map((item) => (
        <li key={item.raw}>{blocks(item.tokens, link)}</li>
      ))}
    </Kind>
  );
}

function table({ header, rows }: Tokens.Table, link: LinkRenderer): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
    <section className="table-scroll" tabIndex={0} aria-label={header.map(({ text }) => text).join(", ")}>
      <table className="table">
        <thead>
          <tr>
            {header.map(({ text, tokens }) => (
              <th key={text}>{inlines(tokens, link)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.map(({ text }) => text).join("|")}>
              {row.map(({ text, tokens }, at) => (
                <td key={`${header[at]?.text} ${text}`}>{inlines(tokens, link)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function inlines(tokens: readonly Token[], link: LinkRenderer): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: a text does not change
  return tokens.map((token, at) => <Fragment key={at}>{inline(token as Inline, link)}</Fragment>);
}

function inline(token: Inline, link: LinkRenderer): ReactNode {
  switch (token.type) {
    case "codespan":
      return <code>{token.text}</code>;
    case "strong":
      return <strong>{inlines(token.tokens, link)}</strong>;
    case "em":
      return <em>{inlines(token.tokens, link)}</em>;
    case "link":
      return link(token.href, inlines(token.tokens, link));
    case "br":
      return <br />;
    default:
      return token.text;
  }
}
