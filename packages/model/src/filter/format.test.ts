import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Filter, Literal, Op } from "./ast.ts";
import { type FilterField, filterFields } from "./fields.ts";
import { formatFilter } from "./format.ts";
import { isSpanField, parseFilter } from "./parse.ts";
import { parseOrderBy } from "./parse-order-by.ts";

type Compare = Extract<Filter, { kind: "compare" }>;

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: "grapheme", maxLength: 6 }),
  fc.constantFrom("it's", "a`b", '"', "\\", "\\'", "%_%", "'; DROP TABLE spans --"),
);
const string: fc.Arbitrary<Literal> = text.map((value) => ({ type: "string", value }));
const number: fc.Arbitrary<Literal> = fc
  .oneof(fc.integer().map(String), fc.double({ noNaN: true, noDefaultInfinity: true }).map(String), fc.constantFrom("1.", ".5", "+7", "1795424400000"))
  .map((written) => ({ type: "number", value: Number(written), text: written }));
const boolean: fc.Arbitrary<Literal> = fc.boolean().map((value) => ({ type: "boolean", value }));

function valueFor(item: FilterField, op: Op): fc.Arbitrary<Literal> {
  if (op === "LIKE" || op === "ILIKE" || op === "RLIKE" || op === "~") return string;
  if (item.type === "number") return number;
  if (item.type === "boolean") return boolean;
  if (item.type === "status") return fc.constantFrom(...(item.values ?? [])).map((value) => ({ type: "string", value }));
  if (item.type === "assessment") return [">", ">=", "<", "<="].includes(op) ? number : fc.oneof(string, number, boolean);
  return string;
}

const key = fc.oneof(fc.string({ minLength: 1, maxLength: 8 }), fc.constantFrom("a.b", "mlflow.trace.user", "`", '"', "é", "x-y"));

const compare: fc.Arbitrary<Compare> = fc.constantFrom(...filterFields).chain((item) =>
  fc.constantFrom(...item.operators.filter((op): op is Op => op !== "BETWEEN")).chain((op) => {
    const count = op === "IS NULL" || op === "IS NOT NULL" ? [0, 0] : op === "IN" || op === "NOT IN" ? [1, 3] : [1, 1];
    const values = fc.array(valueFor(item, op), { minLength: count[0] ?? 0, maxLength: count[1] ?? 0 });
    return fc.tuple(key, values).map(([name, list]): Compare => {
      const { field } = item;
      const own = field.entity === "tag" || field.entity === "metadata" || field.entity === "span_attribute" ? { ...field, key: name } : field;
      return { kind: "compare", field: own.entity === "feedback" || own.entity === "expectation" ? { ...own, name } : own, op, values: list, column: 0 };
    });
  }),
);

/** Trees in the shape the parser makes: no AND in AND, no OR in OR, span clauses in groups. */
const tree = fc.letrec<{ leaf: Filter; group: Filter; not: Filter; and: Filter; or: Filter }>((tie) => ({
  leaf: compare.map((item): Filter => (isSpanField(item.field) ? { kind: "span_exists", items: [item] } : item)),
  group: fc
    .array(
      compare.filter((item) => isSpanField(item.field)),
      { minLength: 1, maxLength: 3 },
    )
    .map((items): Filter => ({ kind: "span_exists", items })),
  not: fc.oneof({ maxDepth: 4 }, tie("leaf"), tie("group"), tie("and"), tie("or"), tie("not")).map((item): Filter => ({ kind: "not", item })),
  and: fc
    .array(fc.oneof({ maxDepth: 4 }, tie("leaf"), tie("group"), tie("not"), tie("or")), { minLength: 2, maxLength: 4 })
    .map((items): Filter => ({ kind: "and", items })),
  or: fc
    .array(fc.oneof({ maxDepth: 4 }, tie("leaf"), tie("group"), tie("not"), tie("and")), { minLength: 2, maxLength: 4 })
    .map((items): Filter => ({ kind: "or", items })),
}));

const withoutColumns = (filter: Filter | undefined): unknown =>
  JSON.parse(JSON.stringify(filter, (name, value: unknown) => (name === "column" ? undefined : value)));

test("parsing what was printed gives the same tree", () => {
  fc.assert(
    fc.property(fc.oneof(tree.leaf, tree.group, tree.not, tree.and, tree.or), (filter) => {
      expect(withoutColumns(parseFilter(formatFilter(filter)))).toEqual(withoutColumns(filter));
    }),
    { numRuns: 500 },
  );
});

test("any text is parsed or refused with a column inside it, and never anything else", () => {
  const pieces = fc.array(
    fc.oneof(
      text,
      fc.constantFrom(" AND ", " OR ", "NOT ", "(", ")", "name", " = ", "'a'", "tags.", "span.type", " IN ", "1.5", ",", "`", '"', " IS NULL", "has_error"),
    ),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(pieces, (parts) => {
      const source = parts.join("");
      try {
        parseFilter(source);
      } catch (error) {
        expect(error).toMatchObject({ code: "filter_invalid" });
        expect((error as { column: number }).column).toBeLessThanOrEqual(source.length);
      }
    }),
    { numRuns: 1000 },
  );
});

test("every field of the catalogue has an example that parses, and a sentence", () => {
  for (const item of filterFields) {
    expect(item.description).toMatch(/\.$/);
    for (const example of item.examples) expect(parseFilter(example)).toBeDefined();
    for (const name of [item.name, ...item.aliases].map((written) => written.replace(/<.*>/, "k"))) {
      const value = item.values?.[0] ?? "x";
      const clause = item.type === "number" ? "> 1" : item.type === "boolean" ? "= true" : item.type === "content" ? "~ 'x'" : `= '${value}'`;
      expect(parseFilter(`${name} ${clause}`)).toBeDefined();
      if (item.sortable) expect(parseOrderBy([name])).toHaveLength(1);
    }
  }
});
