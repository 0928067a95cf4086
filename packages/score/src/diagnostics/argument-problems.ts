import { jsonText } from "./canonical.ts";
import { resolveReference } from "./schema-reference.ts";

export type ProblemKind = "missing" | "unexpected" | "type" | "enum";

export interface ArgumentProblem {
  kind: ProblemKind;
  /** Where: `flights[0].date`; `""` is the arguments as a whole. */
  path: string;
  /** What was wanted: a type, or the values allowed. */
  wanted: string;
}

/** Schemas and arguments come from outside: the work is bounded, and what is beyond is not judged. */
const MAX_CHECKS = 20_000;
const MAX_DEPTH = 32;
const MAX_PROBLEMS = 20;
const MAX_ENUM_SHOWN = 6;

type Json = Record<string, unknown>;

/** What tool schemas call types: JSON Schema's names and those of Python. */
const typeNames: Readonly<Record<string, string>> = {
  dict: "object",
  map: "object",
  list: "array",
  tuple: "array",
  set: "array",
  str: "string",
  text: "string",
  char: "string",
  int: "integer",
  long: "integer",
  short: "integer",
  byte: "integer",
  float: "number",
  double: "number",
  bool: "boolean",
  none: "null",
};

interface Check {
  root: unknown;
  problems: ArgumentProblem[];
  left: number;
}

/**
 * What is wrong with a call's arguments by the tool's JSON Schema: missing, unexpected, of the wrong type, not an allowed value. Of
 * the schema language what tools use; no patterns (a hostile one could hang), no remote references. What a schema does not say
 * clearly is not judged. Never throws.
 */
export function argumentProblems(args: unknown, schema: unknown): ArgumentProblem[] {
  const check: Check = { root: schema, problems: [], left: MAX_CHECKS };
  visit(args, schema, "", 0, check);
  return check.problems;
}

function visit(value: unknown, given: unknown, path: string, depth: number, check: Check): void {
  check.left -= 1;
  const schema = resolveReference(record(given), check.root);
  if (schema === undefined || depth > MAX_DEPTH || check.left < 0 || check.problems.length >= MAX_PROBLEMS) return;
  const alternatives = [schema["anyOf"], schema["oneOf"]].find(Array.isArray) as unknown[] | undefined;
  if (alternatives !== undefined && !alternatives.some((one) => accepts(value, one, path, depth, check))) {
    check.problems.push({
      kind: "type",
      path,
      wanted: alternatives.map(typeText).filter(Boolean).slice(0, MAX_ENUM_SHOWN).join(" or ") || "one of its alternatives",
    });
    return;
  }
  for (const part of Array.isArray(schema["allOf"]) ? schema["allOf"] : []) visit(value, part, path, depth + 1, check);
  if (!hasType(value, schema)) {
    check.problems.push({ kind: "type", path, wanted: typeText(schema) });
    return;
  }
  const allowed = Array.isArray(schema["enum"]) ? schema["enum"] : "const" in schema ? [schema["const"]] : undefined;
  if (allowed !== undefined && !isAllowed(value, allowed, schema)) {
    const shown = allowed.slice(0, MAX_ENUM_SHOWN).map((item) => (typeof item === "string" ? `“${item.slice(0, 40)}”` : jsonText(item).slice(0, 40)));
    check.problems.push({ kind: "enum", path, wanted: `${shown.join(", ")}${allowed.length > MAX_ENUM_SHOWN ? ", …" : ""}` });
    return;
  }
  if (Array.isArray(value)) visitItems(value, schema, path, depth, check);
  else if (typeof value === "object" && value !== null) visitProperties(value as Json, schema, path, depth, check);
}

function visitItems(items: readonly unknown[], schema: Json, path: string, depth: number, check: Check): void {
  if (Array.isArray(schema["items"])) {
    for (const [i, one] of schema["items"].entries()) if (i < items.length) visit(items[i], one, `${path}[${i}]`, depth + 1, check);
    return;
  }
  if (record(schema["items"]) === undefined) return;
  for (const [i, item] of items.entries()) {
    if (check.left < 0 || check.problems.length >= MAX_PROBLEMS) return;
    visit(item, schema["items"], `${path}[${i}]`, depth + 1, check);
  }
}

function visitProperties(value: Json, schema: Json, path: string, depth: number, check: Check): void {
  const properties = record(schema["properties"]) ?? {};
  const at = (name: string): string => (path === "" ? name : `${path}.${name}`);
  for (const name of Array.isArray(schema["required"]) ? schema["required"].slice(0, 1_000) : []) {
    if (typeof name !== "string" || Object.hasOwn(value, name)) continue;
    check.problems.push({ kind: "missing", path: at(name), wanted: typeText(Object.hasOwn(properties, name) ? properties[name] : undefined) });
  }
  const isOpen = Object.keys(properties).length === 0 || mayHoldMore(schema);
  for (const [name, item] of Object.entries(value)) {
    if (check.left < 0 || check.problems.length >= MAX_PROBLEMS) return;
    if (Object.hasOwn(properties, name)) visit(item, properties[name], at(name), depth + 1, check);
    else if (!isOpen) check.problems.push({ kind: "unexpected", path: at(name), wanted: "" });
  }
}

/** JSON Schema allows more properties unless told; for a tool a parameter nobody declared is a mistake, unless said otherwise. */
function mayHoldMore(schema: Json): boolean {
  const more = schema["additionalProperties"];
  const isCombined = "allOf" in schema || "anyOf" in schema || "oneOf" in schema || "patternProperties" in schema;
  return more === true || record(more) !== undefined || isCombined;
}

function accepts(value: unknown, schema: unknown, path: string, depth: number, check: Check): boolean {
  const trial: Check = { root: check.root, problems: [], left: check.left };
  visit(value, schema, path, depth + 1, trial);
  check.left = trial.left;
  return trial.problems.length === 0;
}

function hasType(value: unknown, schema: Json): boolean {
  if (value === null && (schema["nullable"] === true || (Array.isArray(schema["enum"]) && schema["enum"].includes(null)))) return true;
  const types = typesOf(schema);
  return types.length === 0 || types.some((type) => isOfType(value, type));
}

function typesOf(schema: Json): string[] {
  const given = schema["type"];
  const names = (Array.isArray(given) ? given : [given]).filter((name): name is string => typeof name === "string");
  return names.map((name) => typeNames[name.toLowerCase()] ?? name.toLowerCase());
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "number":
      return typeof value === "number" || typeof value === "bigint";
    case "integer":
      return typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
    case "boolean":
      return typeof value === "boolean";
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "null":
      return value === null;
    default:
      return true; // a name that is no type: not judged
  }
}

/** Enums written for a list (`type: array, enum: […]`) mean its items. */
function isAllowed(value: unknown, allowed: readonly unknown[], schema: Json): boolean {
  if (Array.isArray(value) && typesOf(schema).includes("array") && !allowed.some(Array.isArray)) return value.every((item) => allowed.includes(item));
  if (typeof value !== "object" || value === null) return allowed.includes(value);
  const text = jsonText(value);
  return allowed.some((item) => jsonText(item) === text);
}

function typeText(schema: unknown): string {
  const types = typesOf(record(schema) ?? {});
  return types.slice(0, MAX_ENUM_SHOWN).join(" or ");
}

function record(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}
