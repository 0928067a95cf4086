/** Beyond this the engine would refuse the statement (max_query_size is 256 KiB): such values are bound by the driver. */
const MAX_SQL = 200_000;

const TYPES = /^(?:String|U?Int(?:8|16|32|64)|Float64|Array\((?:String|U?Int(?:8|16|32|64))\))$/;
/** Quoted texts and comments stay as they are; what is left are parameters. */
const TOKENS = /'(?:[^'\\]|\\[^]|'')*'|"(?:[^"\\]|\\[^])*"|`(?:[^`\\]|\\[^])*`|--[^\n]*|\/\*[^]*?\*\/|\{(\w+):([^{}]+)\}/g;

/**
 * The statement with its parameters as typed literals, as the engine itself substitutes them. chDB's own binding keeps the
 * values in the process, so its driver runs statements that have some one at a time, whatever their connection: a scan would
 * hold up every page and every insert. Undefined when a value cannot be written so; only for statements of our own, because
 * what others write may quote in ways that are not looked for here.
 */
export function withLiterals(sql: string, params: Readonly<Record<string, unknown>>): string | undefined {
  let isWhole = true;
  const text = sql.replaceAll(TOKENS, (token, name: string | undefined, type: string | undefined) => {
    if (name === undefined || type === undefined) return token;
    const literal = Object.hasOwn(params, name) ? literalOf(params[name], type.trim()) : undefined;
    isWhole &&= literal !== undefined;
    return literal ?? token;
  });
  return isWhole && text.length <= MAX_SQL ? text : undefined;
}

function literalOf(value: unknown, type: string): string | undefined {
  if (!TYPES.test(type)) return undefined;
  const items = Array.isArray(value) ? value.map((item) => itemOf(item, type)) : undefined;
  if (type.startsWith("Array(") !== (items !== undefined)) return undefined;
  const inner = items === undefined ? itemOf(value, type) : items.includes(undefined) ? undefined : `[${items.join(",")}]`;
  return inner === undefined ? undefined : `_CAST(${inner}, '${type}')`;
}

function itemOf(value: unknown, type: string): string | undefined {
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  if (type.includes("String")) return quoted(String(value));
  if (type === "Float64") return quoted(String(value));
  return /^-?\d{1,20}$/.test(String(value)) ? String(value) : undefined;
}

const escapes: Record<string, string> = { "\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f", "\0": "\\0" };

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\'\n\r\t\b\f\0]/g, (character) => escapes[character] ?? character)}'`;
}
