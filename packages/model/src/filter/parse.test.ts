import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { TelltaleError } from "../errors.ts";
import { parseFilter } from "./parse.ts";
import { parseOrderBy } from "./parse-order-by.ts";
import { formatFilter } from "./format.ts";

interface Case<Input> {
  input: Input;
  status: number;
}
const fixture = <Input>(name: string): Case<Input>[] =>
  JSON.parse(readFileSync(new URL(`../../../../tests/fixtures/mlflow/${name}`, import.meta.url), "utf8")) as Case<Input>[];

function statusOf(run: () => unknown): number {
  try {
    run();
    return 200;
  } catch (error) {
    if (!(error instanceof TelltaleError) || error.code !== "filter_invalid") throw error;
    return error.status;
  }
}

/** Where we differ from the real MLflow 3.18 server on purpose: it lacks the first group, and answers nonsense to the second. */
const acceptedHere = new Set([
  "trace_id = 'tr-e22b6888c8d8edc52ddaf33e21ae65d5'",
  "text LIKE '%what%'",
  "status = 'OK' OR status = 'ERROR'",
  "(status = 'OK')",
  "state = 'OK'",
  "NOT status = 'OK'",
  "session_id = 's'",
  "metadata.custom IN ('v')",
  "tags.environment IN ('production')",
  "feedback.verdict IN ('yes')",
  "execution_time_ms BETWEEN 1 AND 2",
]);
const refusedHere = new Set(["timestamp_ms = 'abc'"]);

const filters = fixture<string>("_filter-grammar-results.json");
test("the fixture of MLflow's grammar is whole", () => expect(filters).toHaveLength(81));

test.each(filters)("answers as MLflow does, or better: $input", ({ input, status }) => {
  const expected = acceptedHere.has(input) ? 200 : refusedHere.has(input) ? 400 : status;
  if (expected !== status) expect([400, 200]).toContain(status);
  expect(statusOf(() => parseFilter(input))).toBe(expected);
});

test("every listed difference is one", () => {
  const statuses = new Map(filters.map((item) => [item.input, item.status]));
  for (const input of acceptedHere) expect(statuses.get(input)).toBe(400);
  for (const input of refusedHere) expect(statuses.get(input)).toBe(200);
});

/** Sorting by an id is only a lack of MLflow's. */
const sortedHere = new Set(["trace_id ASC", "client_request_id"]);
test.each(fixture<string[]>("_orderby-grammar-results.json"))("sorts as MLflow does, or better: $input", ({ input, status }) => {
  expect(statusOf(() => parseOrderBy(input))).toBe(sortedHere.has(input.join()) ? 200 : status);
});

test("order_by is ascending unless said otherwise and refuses a field named twice", () => {
  expect(parseOrderBy(["timestamp", "tags.`a b` desc"])).toEqual([
    { field: { entity: "trace", name: "timestamp_ms" }, direction: "ASC" },
    { field: { entity: "tag", key: "a b" }, direction: "DESC" },
  ]);
  expect(() => parseOrderBy(["timestamp_ms", "trace.timestamp DESC"])).toThrow("twice");
  expect(() => parseOrderBy(["model"])).toThrow("cannot be sorted by");
});

test.each([
  ["cost > 1", 0, 'Unknown field "cost" at column 1; did you mean "cost_usd"?'],
  ["status = 'OK' AND envronment = 'x'", 18, 'did you mean "environment"?'],
  ["status = 'EROR'", 9, "Unknown status 'EROR' at column 10; did you mean \"ERROR\"? Valid values: OK,"],
  ["status > 'OK'", 7, "status cannot be compared with > at column 8. Valid operators: ="],
  ["status == 'OK'", 7, 'Unknown operator "==" at column 8; did you mean "="?'],
  ["duration_ms > 'fast'", 14, "duration_ms takes a number, not 'fast', at column 15."],
  ["duration_ms > fast", 14, "takes a number"],
  ["tags.env = 1", 11, "tags.<key> takes a quoted text, not 1,"],
  ["name = ok", 7, "needs quotes ('ok')"],
  ["name = 'ok", 7, "never closed"],
  ["name = ", 7, "A value is missing"],
  ["name", 4, "An operator is missing after name"],
  ["(name = 'a'", 11, "the parenthesis of column 1 is not closed"],
  ["name = 'a')", 10, "closes nothing"],
  ["name = 'a' name = 'b'", 11, "AND, OR or the end"],
  ["tags = 'a'", 0, '"tags" needs a name after it'],
  ["tags.`` = 'a'", 0, "needs a name"],
  ["tags. = 'a'", 5, "A name is missing"],
  ["name IN ()", 9, "A value is expected"],
  ["name IN 'a'", 8, "takes a list in parentheses"],
  ["name IN ('a' 'b')", 13, "A comma or a closing parenthesis"],
  ["name NOT LIKE 'a'", 5, "put NOT before the field"],
  ["name IS 'a'", 8, "NULL or NOT NULL"],
  ["status IS NULL", 7, "cannot be compared with IS NULL"],
  ["duration_ms BETWEEN 1 OR 2", 22, "BETWEEN needs AND"],
  ["feedback.score > 'high'", 17, "takes a number"],
  ["has_error = 'maybe'", 12, "takes true or false"],
  ["text ~ 5", 7, "takes a quoted text"],
  ["text = 'x'", 5, "cannot be compared with ="],
  ["AND name = 'x'", 0, "A field is expected"],
  ["name = 'x' AND", 14, "where a field is expected"],
  ["name = 'x'; DROP TABLE traces", 10, 'Unexpected character ";"'],
  ["😀 = 'x'", 0, 'Unexpected character "😀"'],
  ["   ", 0, "only blanks"],
])("points at the mistake: %s", (text, column, message) => {
  const error = caught(() => parseFilter(text));
  expect(error).toBeInstanceOf(TelltaleError);
  expect((error as TelltaleError).message).toContain(message);
  expect((error as TelltaleError).column).toBe(column);
  expect((error as TelltaleError).status).toBe(400);
});

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

const span = (value: string, column: number): unknown => ({
  kind: "compare",
  field: { entity: "span", name: "name" },
  op: "=",
  values: [{ type: "string", value }],
  column,
});

test("span clauses joined by AND are about one span, parentheses about another", () => {
  expect(parseFilter("span.name = 'a' AND span.name = 'b'")).toEqual({ kind: "span_exists", items: [span("a", 0), span("b", 20)] });
  expect(parseFilter("(span.name = 'a') AND (span.name = 'b')")).toEqual({
    kind: "and",
    items: [
      { kind: "span_exists", items: [span("a", 1)] },
      { kind: "span_exists", items: [span("b", 23)] },
    ],
  });
});

test.each([
  [
    "a trace prefix and aliases",
    "trace.execution_time > 1 AND attributes.request_id = 'x' AND attribute.state = 'ok'",
    "execution_time_ms > 1 AND trace_id = 'x' AND status = 'ok'",
  ],
  ["dotted keys, bare or quoted", `tag.a.b = 'x' AND request_metadata."c d".e = "it's"`, "tags.`a.b` = 'x' AND metadata.`c d.e` = 'it''s'"],
  [
    "doubled quotes and literal backslashes",
    String.raw`tags.p RLIKE '^\d''+\' OR tags."q""r" = """x"""`,
    String.raw`tags.p RLIKE '^\d''+\' OR tags.${"`"}q"r${"`"} = '"x"'`,
  ],
  ["precedence", "NOT name = 'a' AND name = 'b' OR name = 'c'", "NOT name = 'a' AND name = 'b' OR name = 'c'"],
  [
    "needed parentheses only",
    "((name = 'a')) AND (name = 'b' OR (name = 'c' OR NOT (NOT name = 'd')))",
    "name = 'a' AND (name = 'b' OR name = 'c' OR NOT NOT name = 'd')",
  ],
  ["BETWEEN", "duration_ms BETWEEN 1 AND 2.5e3 AND name = 'x'", "duration_ms >= 1 AND duration_ms <= 2.5e3 AND name = 'x'"],
  [
    "quoted numbers and bare booleans",
    "timestamp_ms > '5' AND has_error AND complete = 'False' AND feedback.ok = TRUE",
    "timestamp_ms > 5 AND has_error = true AND complete = false AND feedback.ok = true",
  ],
  ["an attribute of spans", "span.attributes.llm.model LIKE '%x%' AND trace.text ~ 'a b'", "span.attributes.`llm.model` LIKE '%x%' AND text ~ 'a b'"],
  ["keywords in any case", "name is not null and not name in ('a','b')", "name IS NOT NULL AND NOT name IN ('a', 'b')"],
])("understands %s", (_, text, canonical) => {
  expect(formatFilter(parseFilter(text))).toBe(canonical);
});

test("limits: length, depth, clauses, lists; linear on hostile input", () => {
  const clause = "name = 'a'";
  expect(() => parseFilter(" ".repeat(20_001))).toThrow("limit of 20000 characters");
  expect(() => parseFilter(`${"(".repeat(51)}${clause}${")".repeat(51)}`)).toThrow("limit of 50");
  expect(() => parseFilter(`${"NOT ".repeat(51)}${clause}`)).toThrow("limit of 50");
  expect(formatFilter(parseFilter(`${"(".repeat(50)}${clause}${")".repeat(50)}`))).toBe(clause);
  expect(() => parseFilter(Array.from({ length: 201 }, () => clause).join(" OR "))).toThrow("limit of 200");
  expect(() => parseFilter(`name IN (${Array.from({ length: 1001 }, () => "'a'").join(",")})`)).toThrow("limit of 1000");
  const started = performance.now();
  for (const piece of ["(", "NOT ", "'", "''", "`", ".", "a.", "a.`", "1", "1.", "e", "-", "=", " ", "name='a'AND "]) {
    const text = piece.repeat(Math.floor(20_000 / piece.length));
    expect(statusOf(() => parseFilter(text))).toBe(400);
  }
  expect(performance.now() - started).toBeLessThan(1000);
});
