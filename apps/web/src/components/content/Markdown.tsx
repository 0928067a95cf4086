import { Link } from "@tanstack/react-router";
import { lexer, type Token, type Tokens } from "marked";
import { Fragment, useMemo, type ReactNode } from "react";
import { CodeBlock } from "../CopyButton.tsx";
import { docSlug, headingId, plainText } from "./markdown-text.ts";
import { ScrollRegion } from "../ScrollRegion.tsx";

/** Markdown as React elements. Nothing becomes HTML: what the text contains of it is shown as the text it is. */
export function Markdown({ text }: { text: string }) {
  const tokens = useMemo(() => lexer(text, { gfm: true }), [text]);
  return <div className="flex flex-col gap-3.5 text-md leading-relaxed text-ink">{tokens.map(block)}</div>;
}

const headings = {
  1: "text-2xl font-semibold tracking-[-0.02em] leading-tight",
  2: "mt-5 text-lg font-semibold tracking-[-0.01em] border-t border-line pt-5",
  3: "mt-2 text-md font-semibold",
} as const;

function block(token: Token, key: number): ReactNode {
  switch (token.type) {
    case "heading": {
      const { depth, text, tokens } = token as Tokens.Heading;
      const level = Math.min(depth, 4) as 1 | 2 | 3 | 4;
      const Tag = `h${level}` as const;
      return (
        <Tag key={key} id={headingId(text)} className={level === 4 ? "font-medium" : headings[level]}>
          {inline(tokens)}
        </Tag>
      );
    }
    case "paragraph":
      return (
        <p key={key} className="max-w-prose text-pretty">
          {inline((token as Tokens.Paragraph).tokens)}
        </p>
      );
    case "code": {
      const { text, lang } = token as Tokens.Code;
      return <CodeBlock key={key} code={text} label={lang === undefined || lang === "" ? "Code" : `Code, ${lang}`} />;
    }
    case "blockquote":
      return (
        <blockquote key={key} className="flex flex-col gap-2 border-l-2 border-accent-line pl-4 text-ink-2">
          {(token as Tokens.Blockquote).tokens.map(block)}
        </blockquote>
      );
    case "list": {
      const { ordered, start, items } = token as Tokens.List;
      const children = items.map((item, index) => (
        <li key={index} className="pl-1">
          {item.tokens.map((part, at) =>
            part.type === "text" ? <Fragment key={at}>{inline((part as Tokens.Text).tokens ?? [part])}</Fragment> : block(part, at),
          )}
        </li>
      ));
      return ordered ? (
        <ol key={key} start={Number(start) || 1} className="ml-5 flex max-w-prose list-decimal flex-col gap-1.5 marker:text-ink-3">
          {children}
        </ol>
      ) : (
        <ul key={key} className="ml-5 flex max-w-prose list-disc flex-col gap-1.5 marker:text-ink-3">
          {children}
        </ul>
      );
    }
    case "table":
      return <MarkdownTable key={key} table={token as Tokens.Table} />;
    case "hr":
      return <hr key={key} className="border-line" />;
    case "space":
    case "def":
      return null;
    default:
      return <p key={key}>{"text" in token && typeof token.text === "string" ? token.text : token.raw}</p>;
  }
}

function MarkdownTable({ table }: { table: Tokens.Table }) {
  return (
    <ScrollRegion label="Table" role="region" className="overflow-x-auto rounded-lg border border-line">
      <table className="w-full text-sm">
        <thead>
          <tr className="border-b border-line bg-canvas text-left">
            {table.header.map((cell, index) => (
              <th key={index} className="px-3 py-1.5 font-medium">
                {inline(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index} className="border-b border-line/60 align-top last:border-0">
              {row.map((cell, at) => (
                <td key={at} className="px-3 py-1.5">
                  {inline(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function inline(tokens: readonly Token[]): ReactNode {
  return tokens.map((token, key) => {
    switch (token.type) {
      case "strong":
        return <strong key={key}>{inline((token as Tokens.Strong).tokens)}</strong>;
      case "em":
        return <em key={key}>{inline((token as Tokens.Em).tokens)}</em>;
      case "del":
        return <del key={key}>{inline((token as Tokens.Del).tokens)}</del>;
      case "codespan":
        return (
          <code key={key} className="rounded-sm bg-hover px-1 py-px font-mono text-[0.88em] break-words">
            {(token as Tokens.Codespan).text}
          </code>
        );
      case "br":
        return <br key={key} />;
      case "link":
        return <DocLink key={key} link={token as Tokens.Link} />;
      case "image":
        return <span key={key}>{(token as Tokens.Image).text}</span>;
      case "text": {
        const nested = (token as Tokens.Text).tokens;
        return <Fragment key={key}>{nested === undefined ? plainText((token as Tokens.Text).text) : inline(nested)}</Fragment>;
      }
      default:
        return <Fragment key={key}>{plainText("text" in token && typeof token.text === "string" ? token.text : token.raw)}</Fragment>;
    }
  });
}

/** To another document, a heading, or the web; any other scheme is only text. */
function DocLink({ link }: { link: Tokens.Link }) {
  const look = "text-accent-ink underline decoration-accent-line underline-offset-3 hover:decoration-accent";
  const slug = docSlug(link.href);
  if (slug !== undefined) {
    return (
      <Link to="/docs/$slug" params={{ slug }} className={look}>
        {inline(link.tokens)}
      </Link>
    );
  }
  if (!/^(https?:\/\/|#)/i.test(link.href)) return <span>{inline(link.tokens)}</span>;
  return (
    <a href={link.href} className={look} {...(link.href.startsWith("#") ? {} : { target: "_blank", rel: "noreferrer noopener" })}>
      {inline(link.tokens)}
    </a>
  );
}
