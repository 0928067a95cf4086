import { TelltaleError } from "../errors.ts";
import type { OrderBy } from "./ast.ts";
import { filterFields, fieldNames, resolveField } from "./fields.ts";
import { filterError } from "./filter-error.ts";
import { lex } from "./lexer.ts";
import { suggest } from "./suggest.ts";

const MAX_KEYS = 20;
const MAX_KEY_LENGTH = 1000;

/**
 * Parses `["<field> [ASC|DESC]", …]`, ascending unless said otherwise. Every field that has one value per trace can be
 * sorted by. Throws `filter_invalid`; `column` is the offset in the entry that is wrong.
 */
export function parseOrderBy(list: readonly string[]): OrderBy[] {
  if (list.length > MAX_KEYS) throw new TelltaleError("filter_invalid", `order_by takes at most ${MAX_KEYS} entries.`);
  const keys = list.map(parseKey);
  const seen = new Set<string>();
  for (const [index, key] of keys.entries()) {
    const name = JSON.stringify(key.field);
    if (seen.has(name)) throw new TelltaleError("filter_invalid", `order_by names the same field twice ("${list[index] ?? ""}").`);
    seen.add(name);
  }
  return keys;
}

function parseKey(text: string): OrderBy {
  if (text.length > MAX_KEY_LENGTH) throw filterError(MAX_KEY_LENGTH, `The order_by entry passes its limit of ${MAX_KEY_LENGTH} characters`);
  const [path, direction, ...rest] = lex(text);
  if (path?.kind !== "path") throw filterError(path?.start ?? 0, `The order_by entry "${text}" does not start with a field`);
  const field = sortField(path.segments, path.text);
  const order = direction?.kind === "path" ? direction.text.toUpperCase() : "ASC";
  if ((order !== "ASC" && order !== "DESC") || (direction?.kind === "path" ? rest[0] : direction)?.kind !== "end") {
    throw filterError(direction?.start ?? text.length, `Unexpected "${direction?.text ?? ""}" in order_by "${text}"`, "; ASC, DESC or nothing is expected.");
  }
  return { field, direction: order };
}

function sortField(segments: readonly string[], text: string): OrderBy["field"] {
  const found = resolveField(segments);
  if (!("problem" in found) && found.item.sortable) {
    const { field } = found;
    if (field.entity === "trace" || field.entity === "tag" || field.entity === "metadata") return field;
  }
  const sortable = filterFields.filter((item) => item.sortable);
  const known = !("problem" in found) || found.problem === "no_key";
  const meant = known ? undefined : suggest(text, fieldNames);
  const hint = meant === undefined ? "." : `; did you mean "${meant}"?`;
  throw filterError(
    0,
    known ? `Traces cannot be sorted by "${text}"` : `Unknown field "${text}"`,
    `${hint} Valid fields: ${sortable.map((item) => item.name).join(", ")}.`,
  );
}
