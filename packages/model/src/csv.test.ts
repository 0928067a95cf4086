import fc from "fast-check";
import { expect, test } from "vitest";
import { csvLine } from "./csv.ts";

test("quotes what needs it, leaves unknown empty, ends lines as RFC 4180 says", () => {
  expect(csvLine(["a", 'say "hi"', "1,5", "two\nlines", null, undefined, 0, -1.5, true])).toBe('a,"say ""hi""","1,5","two\nlines",,,0,-1.5,true\r\n');
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])("text that begins like a formula is text: %j", (text) => {
  expect(csvLine([text]).replace(/^"/, "").startsWith("'")).toBe(true);
});

test("what is read back is what was written", () => {
  const cells = fc.array(fc.oneof(fc.string(), fc.constantFrom('"', ",", "\r\n", '","', "")), { minLength: 1 });
  fc.assert(
    fc.property(cells, (row) => {
      const safe = row.map((text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text));
      expect(readLine(csvLine(row))).toEqual(safe);
    }),
  );
});

/** RFC 4180, read the plain way. */
function readLine(line: string): string[] {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    let text = "";
    if (line[at] === '"') {
      for (at += 1; line[at] !== '"' || line[at + 1] === '"'; at += line[at] === '"' ? 2 : 1) text += line[at];
      at += 1;
    } else while (line[at] !== "," && line.slice(at) !== "\r\n") text += line[at++];
    cells.push(text);
    if (line.slice(at) === "\r\n") return cells;
    at += 1;
  }
}
