import type { Literal, Op } from "./ast.ts";
import type { FilterField } from "./fields.ts";
import { adviceFor, filterError } from "./filter-error.ts";
import type { Token } from "./lexer.ts";

const numeric = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
const ordering = new Set<Op | "BETWEEN">([">", ">=", "<", "<=", "BETWEEN"]);
const pattern = new Set<Op | "BETWEEN">(["LIKE", "ILIKE", "RLIKE", "~"]);

/** Reads one value right of an operator and checks that its type fits the field. */
export function literalOf(token: Token, item: FilterField, op: Op | "BETWEEN"): Literal {
  const value = rawLiteral(token, item);
  if (pattern.has(op)) return expectString(value, token, item);
  switch (item.type) {
    case "number":
      return expectNumber(value, token, item);
    case "boolean":
      return expectBoolean(value, token, item);
    case "assessment":
      return ordering.has(op) ? expectNumber(value, token, item) : value;
    case "status":
      return expectChoice(expectString(value, token, item), token, item);
    default:
      return expectString(value, token, item);
  }
}

function rawLiteral(token: Token, item: FilterField): Literal {
  switch (token.kind) {
    case "string":
      return { type: "string", value: token.value };
    case "number":
      if (!Number.isFinite(token.value)) throw filterError(token.start, `The number ${token.text} is too large`);
      return { type: "number", value: token.value, text: token.text };
    case "path": {
      const word = token.text.toLowerCase();
      if (word === "true" || word === "false") return { type: "boolean", value: word === "true" };
      const typed = item.type === "number" ? `${item.name} takes a number, not ${token.text},` : `The value ${token.text} needs quotes ('${token.text}')`;
      throw filterError(token.start, typed);
    }
    case "name":
      throw filterError(token.start, `The value ${token.text} stands in back-ticks, which are for names; use single or double quotes`);
    default:
      throw filterError(token.start, token.kind === "end" ? "A value is missing" : `A value is expected, not "${token.text}",`);
  }
}

function expectString(value: Literal, token: Token, item: FilterField): Literal {
  if (value.type === "string") return value;
  throw filterError(token.start, `${item.name} takes a quoted text, not ${token.text},`);
}

/** A quoted number is a number: MLflow's stores compare it as one. */
function expectNumber(value: Literal, token: Token, item: FilterField): Literal {
  if (value.type === "number") return value;
  if (value.type === "string" && numeric.test(value.value) && Number.isFinite(Number(value.value))) {
    return { type: "number", value: Number(value.value), text: value.value.trim() };
  }
  throw filterError(token.start, `${item.name} takes a number, not ${token.text},`);
}

function expectBoolean(value: Literal, token: Token, item: FilterField): Literal {
  if (value.type === "boolean") return value;
  const word = value.type === "string" ? value.value.toLowerCase() : "";
  if (word === "true" || word === "false") return { type: "boolean", value: word === "true" };
  throw filterError(token.start, `${item.name} takes true or false, not ${token.text},`);
}

function expectChoice(value: Literal, token: Token, item: FilterField): Literal {
  const choices = item.values ?? [];
  if (value.type === "string" && choices.includes(value.value.toUpperCase())) return value;
  throw filterError(token.start, `Unknown ${item.name} ${token.text}`, adviceFor(String(value.value), choices, "values"));
}
