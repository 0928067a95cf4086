import { addedSpanColumns } from "../analytics/span-columns.ts";
import { tables } from "../analytics/tables.ts";

/** Column types of every table, read from its DDL, so that the RowBinary structure can never disagree with it. */
const types = new Map<string, Map<string, string>>(tables.map((ddl) => parseDdl(ddl)));
for (const column of addedSpanColumns) types.get("spans")?.set(...parseColumn(column));

/** `name Type, …` for `file(…, RowBinary, structure)`. LowCardinality is an encoding of the table, not of the rows. */
export function columnTypes(table: string, columns: readonly string[]): string {
  const known = types.get(table);
  if (!known) throw new Error(`unknown table ${table}`);
  return columns
    .map((column) => {
      const type = known.get(column);
      if (!type) throw new Error(`table ${table} has no column ${column}`);
      return `${column} ${type.replaceAll(/LowCardinality\((\w+)\)/g, "$1")}`;
    })
    .join(", ")
    .replaceAll("'", "\\'");
}

function parseDdl(ddl: string): [string, Map<string, string>] {
  const name = /CREATE TABLE IF NOT EXISTS (\w+)/.exec(ddl)?.[1] ?? "";
  const body = ddl.slice(ddl.indexOf("(") + 1, ddl.lastIndexOf(") ENGINE"));
  const columns = new Map<string, string>();
  for (const part of splitTopLevel(body)) {
    const match = /^(\w+)\s+(\w+)/.exec(part);
    if (!match || match[1] === "INDEX" || / MATERIALIZED /.test(part)) continue;
    columns.set(...parseColumn(part));
  }
  return [name, columns];
}

/** `name Type …` */
function parseColumn(text: string): [string, string] {
  const name = /^\w+/.exec(text)?.[0] ?? "";
  return [name, leadingType(text.slice(name.length).trim())];
}

function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === "(") depth += 1;
    else if (char === ")") depth -= 1;
    else if (char === "," && depth === 0) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  parts.push(text.slice(from).trim());
  return parts;
}

/** The type at the start of a column's declaration, with its balanced parentheses. */
function leadingType(text: string): string {
  let end = /^\w+/.exec(text)?.[0].length ?? 0;
  if (text[end] !== "(") return text.slice(0, end);
  let depth = 0;
  do {
    if (text[end] === "(") depth += 1;
    if (text[end] === ")") depth -= 1;
    end += 1;
  } while (depth > 0);
  return text.slice(0, end);
}
