import { expect, test } from "vitest";
import { csvName, toCsv } from "./csv.ts";

test("quotes what needs quotes, and leaves unknown cells empty", () => {
  expect(
    toCsv(
      ["name", "cost"],
      [
        ["a,b", 1.5],
        ['say "hi"', null],
        ["two\nlines", undefined],
      ],
    ),
  ).toBe('name,cost\r\n"a,b",1.5\r\n"say ""hi""",\r\n"two\nlines",\r\n');
});

test("text that a spreadsheet would run is text; numbers stay numbers", () => {
  expect(toCsv(["x"], [["=HYPERLINK(1)"], ["-1+2"], [-5]])).toBe("x\r\n'=HYPERLINK(1)\r\n'-1+2\r\n-5\r\n");
});

test("a file is named after its table", () => {
  expect(csvName("Cost by model (USD)")).toBe("cost-by-model-usd.csv");
  expect(csvName("—")).toBe("table.csv");
});
