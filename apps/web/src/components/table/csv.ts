import { csvLine, type CsvValue } from "@telltale/model";

export type { CsvValue };

/** RFC 4180 with a header, as the server writes it. Unknown is an empty cell. */
export function toCsv(header: readonly string[], rows: Iterable<readonly CsvValue[]>): string {
  let text = csvLine(header);
  for (const row of rows) text += csvLine(row);
  return text;
}

/** `Cost by model` → `cost-by-model.csv`. */
export function csvName(title: string): string {
  const name = title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/g, "");
  return `${name === "" ? "table" : name}.csv`;
}
