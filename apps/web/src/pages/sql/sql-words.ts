/** Words of the language, for colours and completion. */
export const sqlKeywords = [
  "SELECT", "FROM", "WHERE", "PREWHERE", "GROUP BY", "ORDER BY", "HAVING", "LIMIT", "OFFSET", "WITH", "AS", "DISTINCT", "INNER JOIN", "LEFT JOIN", "JOIN",
  "ARRAY JOIN", "ON", "USING", "AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "ILIKE", "IS NULL", "IS NOT NULL", "CASE", "WHEN", "THEN", "ELSE", "END", "ASC",
  "DESC", "UNION ALL", "UNION DISTINCT", "EXCEPT", "INTERSECT", "INTERVAL", "OVER", "PARTITION BY", "ROWS BETWEEN", "LIMIT 1 BY", "WITH TOTALS", "WITH ROLLUP",
  "QUALIFY", "NULLS LAST", "TRUE", "FALSE", "NULL",
] as const; // prettier-ignore

const alone = "INTERVAL SECOND MINUTE HOUR DAY WEEK MONTH YEAR ROW ROWS PRECEDING FOLLOWING UNBOUNDED CURRENT WINDOW OUTER RIGHT FULL CROSS";

/** Each single word of them, and those that only stand inside others. */
export const keywordWords: ReadonlySet<string> = new Set(
  [...sqlKeywords, alone].flatMap((keyword) => keyword.split(" ")).filter((word) => /^[A-Z]+$/.test(word)),
);
