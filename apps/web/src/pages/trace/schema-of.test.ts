import type { LabelSchemaOut } from "@telltale/model/api";
import { expect, test } from "vitest";
import { schemaOf } from "./schema-of.ts";

test("a label is edited by the schema that could have given it", () => {
  const schemas = [{ name: "tone", type: "feedback", input: { kind: "categorical", options: ["a", "b"], multi_select: false } }] as LabelSchemaOut[];
  expect(schemaOf({ name: "tone", kind: "feedback", value: "a" }, schemas)).toBe(schemas[0]);
  expect(schemaOf({ name: "tone", kind: "feedback", value: "z" }, schemas)).toBeUndefined();
  expect(schemaOf({ name: "tone", kind: "expectation", value: "a" }, schemas)).toBeUndefined();
});
