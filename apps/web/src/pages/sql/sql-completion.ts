import { sqlFunctions, sqlViews, type SqlView } from "@telltale/model/sql";
import { sqlKeywords } from "./sql-words.ts";

export interface SqlSuggestion {
  label: string;
  kind: "view" | "column" | "function" | "keyword";
  detail: string;
  /** The longer explanation, beside the list. */
  info?: string;
  /** Written instead of the label. */
  apply?: string;
}

export interface SqlCompletion {
  /** Where the word begins that is completed. */
  from: number;
  items: SqlSuggestion[];
}

const views: SqlSuggestion[] = sqlViews.map(({ name, description }) => ({ label: name, kind: "view", detail: "view", info: description }));
const functions: SqlSuggestion[] = Object.entries(sqlFunctions).flatMap(([group, names]) =>
  names.filter((name) => /^[A-Za-z]/.test(name)).map((name): SqlSuggestion => ({ label: name, kind: "function", detail: group, apply: `${name}(` })),
);
const keywords: SqlSuggestion[] = sqlKeywords.map((label) => ({ label, kind: "keyword", detail: "" }));

/** What may come at `at`: columns after `alias.`, views after FROM and JOIN, else what the mentioned views have, functions and keywords. */
export function completeSql(text: string, at: number, isExplicit: boolean): SqlCompletion | undefined {
  const before = withoutComments(text.slice(0, at));
  if (isInsideText(before)) return undefined;
  const word = /(?:(\w+)\.)?(\w*)$/.exec(before);
  const typed = word?.[2] ?? "";
  const from = at - typed.length;
  const qualifier = word?.[1];
  if (qualifier !== undefined) {
    const view = viewOf(qualifier, text);
    return view === undefined ? undefined : { from, items: columnsOf([view]) };
  }
  if (/^\d/.test(typed) || (typed === "" && !isExplicit)) return undefined;
  const lead = before.slice(0, before.length - typed.length);
  if (/\b(?:FROM|JOIN)\s+$/i.test(lead)) return { from, items: views };
  const mentioned = sqlViews.filter(({ name }) => new RegExp(`\\b${name}\\b`, "i").test(text));
  return { from, items: [...columnsOf(mentioned.length === 0 ? sqlViews.slice(0, 1) : mentioned), ...views, ...functions, ...keywords] };
}

function columnsOf(chosen: readonly SqlView[]): SqlSuggestion[] {
  const seen = new Set<string>();
  return chosen.flatMap((view) =>
    view.columns
      .filter(({ name }) => !seen.has(name) && seen.add(name) !== undefined)
      .map(({ name, type, description }): SqlSuggestion => ({
        label: name,
        kind: "column",
        detail: type.replaceAll(/LowCardinality\((\w+)\)/g, "$1"),
        info: description,
      })),
  );
}

/** The view that a name stands for: itself, or `FROM view AS name`. */
function viewOf(name: string, text: string): SqlView | undefined {
  const alias = new RegExp(`\\b(\\w+)\\s+(?:AS\\s+)?${name}\\b`, "gi");
  const meant = [name, ...Array.from(text.matchAll(alias), ([, view = ""]) => view)];
  return sqlViews.find((view) => meant.some((one) => one.toLowerCase() === view.name));
}

function withoutComments(text: string): string {
  return text.replaceAll(/--[^\n]*(?=\n)|\/\*[\s\S]*?\*\//g, (comment) => " ".repeat(comment.length));
}

/** Within a string or a comment nothing is completed. */
function isInsideText(before: string): boolean {
  const rest = before.replaceAll(/'(?:[^'\\]|\\.)*'/g, "");
  return rest.includes("'") || /--[^\n]*$/.test(rest) || /\/\*[\s\S]*$/.test(rest);
}
