import type { Field, Filter, Literal, Op } from "./ast.ts";
import { canonicalNames, fieldNames, type FilterField, resolveField } from "./fields.ts";
import { adviceFor, filterError } from "./filter-error.ts";
import { lex, type Token } from "./lexer.ts";
import { literalOf } from "./literals.ts";
import { suggest } from "./suggest.ts";

type Compare = Extract<Filter, { kind: "compare" }>;

const MAX_LENGTH = 20_000;
const MAX_DEPTH = 50;
const MAX_CLAUSES = 200;
const MAX_LIST = 1000;

/**
 * Parses the filter language: MLflow's `search_traces` grammar plus OR, NOT, parentheses, BETWEEN and more fields.
 *
 * `""` is no filter. `span.*` and content clauses joined by AND become one `span_exists`: they hold for the same span;
 * parentheses make a group of their own. Throws `filter_invalid` with the 0-based `column` of the mistake.
 */
export function parseFilter(text: string): Filter | undefined {
  if (text === "") return undefined;
  if (text.length > MAX_LENGTH) throw filterError(MAX_LENGTH, `The filter passes its limit of ${MAX_LENGTH} characters`);
  const parser = new Parser(lex(text));
  return parser.whole();
}

/** True for clauses that ask about one span; a group of them is one EXISTS. */
export function isSpanField(field: Field): boolean {
  return field.entity === "span" || field.entity === "span_attribute" || field.entity === "content";
}

class Parser {
  readonly #tokens: Token[];
  #at = 0;
  #clauses = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  whole(): Filter {
    if (this.#peek().kind === "end") throw filterError(0, "The filter holds only blanks");
    const filter = this.#or(0);
    const rest = this.#peek();
    if (rest.kind === "end") return filter;
    const advice = rest.kind === ")" ? "; it closes nothing that was opened." : "; AND, OR or the end of the filter is expected.";
    throw filterError(rest.start, `Unexpected "${rest.text}"`, advice);
  }

  #peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)];
    if (!token) throw new Error("the lexer always ends with an end token");
    return token;
  }

  #take(): Token {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }

  #takeWord(word: string): boolean {
    if (wordOf(this.#peek()) !== word) return false;
    this.#at += 1;
    return true;
  }

  #or(depth: number): Filter {
    const items: Filter[] = [];
    do {
      const item = this.#and(depth);
      if (item.kind === "or") items.push(...item.items);
      else items.push(item);
    } while (this.#takeWord("OR"));
    return items.length === 1 && items[0] ? items[0] : { kind: "or", items };
  }

  #and(depth: number): Filter {
    const items: Filter[] = [];
    const group: Compare[] = [];
    do {
      for (const item of this.#unary(depth)) {
        if (item.kind === "compare" && isSpanField(item.field)) {
          if (group.length === 0) items.push({ kind: "span_exists", items: group });
          group.push(item);
        } else if (item.kind === "and") items.push(...item.items);
        else items.push(item);
      }
    } while (this.#takeWord("AND"));
    return items.length === 1 && items[0] ? items[0] : { kind: "and", items };
  }

  /** NOT, parentheses or a comparison; BETWEEN is two comparisons. */
  #unary(depth: number): Filter[] {
    const token = this.#peek();
    if (depth > MAX_DEPTH) throw filterError(token.start, `The filter passes its limit of ${MAX_DEPTH} nested levels`);
    if (this.#takeWord("NOT")) {
      const inner = this.#unary(depth + 1);
      return [{ kind: "not", item: joined(inner) }];
    }
    if (token.kind !== "(") return this.#comparison();
    this.#at += 1;
    const inner = this.#or(depth + 1);
    const close = this.#take();
    if (close.kind !== ")") {
      const advice = `; the parenthesis of column ${token.start + 1} is not closed.`;
      throw filterError(close.start, close.kind === "end" ? "The filter ends" : `Unexpected "${close.text}"`, advice);
    }
    return [inner];
  }

  #comparison(): Compare[] {
    const left = this.#take();
    if (left.kind !== "path" || reserved.has(wordOf(left) ?? "")) {
      throw filterError(left.start, left.kind === "end" ? "The filter ends where a field is expected," : `A field is expected, not "${left.text}",`);
    }
    const { item, field } = fieldOf(left);
    this.#clauses += 1;
    if (this.#clauses > MAX_CLAUSES) throw filterError(left.start, `The filter passes its limit of ${MAX_CLAUSES} comparisons`);
    const compare = (op: Op, values: Literal[]): Compare => ({ kind: "compare", field, op, values, column: left.start });
    const follows = this.#peek();
    if (item.type === "boolean" && (follows.kind === "end" || follows.kind === ")" || endsClause.has(wordOf(follows) ?? ""))) {
      return [compare("=", [{ type: "boolean", value: true }])];
    }
    const op = this.#operator(left, item);
    if (op === "IS NULL" || op === "IS NOT NULL") return [compare(op, [])];
    if (op === "IN" || op === "NOT IN") return [compare(op, this.#list(item, op))];
    const value = literalOf(this.#take(), item, op);
    if (op !== "BETWEEN") return [compare(op, [value])];
    const and = this.#take();
    if (wordOf(and) !== "AND") throw filterError(and.start, "BETWEEN needs AND and a second value");
    return [compare(">=", [value]), compare("<=", [literalOf(this.#take(), item, op)])];
  }

  #operator(left: Token, item: FilterField): Op | "BETWEEN" {
    const token = this.#take();
    const column = token.start;
    const op = this.#spelled(token);
    if (op === undefined) {
      const what = token.kind === "end" ? `An operator is missing after ${left.text}` : `Unknown operator "${token.text}"`;
      throw filterError(column, what, adviceFor(token.text, item.operators, `operators of ${item.name}`));
    }
    if (item.operators.includes(op)) return op;
    throw filterError(column, `${item.name} cannot be compared with ${op}`, `. Valid operators: ${item.operators.join(", ")}.`);
  }

  #spelled(token: Token): Op | "BETWEEN" | undefined {
    if (token.kind === "operator") return signs.get(token.text);
    const word = wordOf(token);
    if (word === "IS") {
      const not = this.#takeWord("NOT");
      if (this.#takeWord("NULL")) return not ? "IS NOT NULL" : "IS NULL";
      throw filterError(this.#peek().start, `NULL or NOT NULL is expected after IS`);
    }
    if (word === "NOT") {
      if (this.#takeWord("IN")) return "NOT IN";
      const next = this.#peek();
      throw filterError(token.start, `Only IN can follow NOT here; put NOT before the field instead (NOT field ${next.text || "…"} …)`);
    }
    return words.get(word ?? "");
  }

  #list(item: FilterField, op: Op): Literal[] {
    const open = this.#take();
    if (open.kind !== "(") throw filterError(open.start, `${op} takes a list in parentheses, as in ${op} ('a', 'b'),`);
    const values: Literal[] = [];
    for (;;) {
      const token = this.#take();
      if (values.length === MAX_LIST) throw filterError(token.start, `The list passes its limit of ${MAX_LIST} values`);
      values.push(literalOf(token, item, op));
      const after = this.#take();
      if (after.kind === ")") return values;
      if (after.kind !== ",") throw filterError(after.start, "A comma or a closing parenthesis is expected");
    }
  }
}

const signs = new Map<string, Op>([
  ["=", "="],
  ["!=", "!="],
  [">", ">"],
  [">=", ">="],
  ["<", "<"],
  ["<=", "<="],
  ["~", "~"],
]);
const words = new Map<string, Op | "BETWEEN">([
  ["IN", "IN"],
  ["LIKE", "LIKE"],
  ["ILIKE", "ILIKE"],
  ["RLIKE", "RLIKE"],
  ["BETWEEN", "BETWEEN"],
]);
const endsClause = new Set(["AND", "OR"]);
const reserved = new Set(["AND", "OR", "NOT", "IN", "IS", "NULL", "LIKE", "ILIKE", "RLIKE", "BETWEEN", "TRUE", "FALSE"]);

function wordOf(token: Token): string | undefined {
  return token.kind === "path" && token.segments.length === 1 ? token.text.toUpperCase() : undefined;
}

function fieldOf(token: Extract<Token, { kind: "path" }>): { item: FilterField; field: Field } {
  const found = resolveField(token.segments);
  if (!("problem" in found)) return found;
  if (found.problem === "no_key") throw filterError(token.start, `"${token.text}" needs a name after it, as in ${found.item.examples[0]},`);
  const meant = suggest(token.text, fieldNames);
  const hint = meant === undefined ? "." : `; did you mean "${meant}"?`;
  throw filterError(token.start, `Unknown field "${token.text}"`, `${hint} Valid fields: ${canonicalNames.join(", ")}.`);
}

/** One node of what stands under NOT. */
function joined(items: Filter[]): Filter {
  const compares = items.filter((item) => item.kind === "compare");
  if (compares.length === items.length && compares.every((item) => isSpanField(item.field))) return { kind: "span_exists", items: compares };
  return items.length === 1 && items[0] ? items[0] : { kind: "and", items };
}
