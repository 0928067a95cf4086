import { expect, test } from "vitest";
import { csvOf } from "./csv.ts";

test("quotes what needs it, writes NULL as nothing and lists as JSON", () => {
  expect(csvOf(["a", 'b "x"'], [[1, "x,y"], [null, 'say "hi"\n'], [true, ["p", 1]]])).toBe('a,"b ""x"""\r\n1,"x,y"\r\n,"say ""hi""\n"\r\ntrue,"[""p"",1]"\r\n'); // prettier-ignore
});

test("a text that a spreadsheet would run as a formula is not one; numbers stay numbers", () => {
  expect(csvOf(["a"], [["=HYPERLINK(1)"], ["+cmd"], [-5], ["-5"], ["@x"]])).toBe("a\r\n'=HYPERLINK(1)\r\n'+cmd\r\n-5\r\n-5\r\n'@x\r\n");
});
