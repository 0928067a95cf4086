import { queryWords } from "@telltale/model";
import { type Compare, patternSql, textOf } from "./compare-sql.ts";
import type { SqlParams } from "./sql-params.ts";

/**
 * A condition on one row of `payloads`. `~` = all words, in any order, answered by the text indexes; a query without any
 * word ("!?", an emoji) is searched as it stands. LIKE, ILIKE and RLIKE read the text.
 */
export function contentSql(clause: Compare, params: SqlParams): string {
  if (clause.op !== "~") return `(${["inputs", "outputs", "raw"].map((column) => patternSql(column, clause, params)).join(" OR ")})`;
  const query = textOf(clause.values[0]);
  const { ascii, extra, within } = queryWords(query);
  const conditions = [
    ...ascii.map((word) => {
      const bound = params.bind("Array(String)", [word]);
      return `(${["inputs", "outputs", "words"].map((column) => token(column, bound)).join(" OR ")})`;
    }),
    ...(extra.length > 0 ? [token("words", params.bind("Array(String)", extra))] : []),
    ...within.map((character) => `position(words, ${params.bind("String", character)}) > 0`),
  ];
  if (conditions.length > 0) return conditions.join(" AND ");
  const bare = params.bind("String", query.trim());
  return `(position(inputs, ${bare}) > 0 OR position(outputs, ${bare}) > 0)`;
}

function token(column: string, words: string): string {
  return `hasAllTokens(${column}, ${words})`;
}
