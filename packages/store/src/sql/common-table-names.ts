const token = /'(?:[^'\\]|\\.|'')*'|`((?:[^`\\]|\\.|``)*)`|"((?:[^"\\]|\\.|"")*)"|([\p{L}_][\p{L}\p{N}_$]*)|\S/gsu;

/**
 * Names that a query gives to subqueries (`WITH name AS (…)`); the syntax tree does not say them. The text must be as the
 * engine formats it. A name of a window is among them too: it does no harm, nothing can be read from it.
 */
export function commonTableNames(formatted: string): Set<string> {
  const names = new Set<string>();
  let name: string | undefined;
  let saidAs = false;
  for (const match of formatted.matchAll(token)) {
    const word = match[3];
    if (match[0] === "(" && saidAs && name !== undefined) names.add(name);
    if (word?.toUpperCase() === "AS") {
      saidAs = true;
      continue;
    }
    name = match[1] ?? match[2] ?? word;
    saidAs = false;
  }
  return names;
}
