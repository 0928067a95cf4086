export type CsvValue = string | number | boolean | null | undefined;

/** Put first in a file, it tells spreadsheets that the text is UTF-8. */
export const BYTE_ORDER_MARK = "\uFEFF";

/**
 * One line of a CSV file (RFC 4180), its end included. What is not known is an empty cell. Text that a spreadsheet would run
 * as a formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage return) gets an apostrophe in front: names of users and
 * routes come from outside. Numbers stay numbers.
 */
export function csvLine(cells: readonly CsvValue[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

function cell(value: CsvValue): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
