type Json = Record<string, unknown>;

/** A chain longer than this goes in a circle. */
const MAX_STEPS = 16;

/** Follows `$ref` inside of the same schema (`#/$defs/Item`). Anything else that a reference may be is unknown: undefined. */
export function resolveReference(schema: Json | undefined, root: unknown): Json | undefined {
  let at = schema;
  for (let step = 0; at !== undefined && "$ref" in at; step += 1) {
    if (step >= MAX_STEPS) return undefined;
    at = pointedAt(at["$ref"], root);
  }
  return at;
}

function pointedAt(reference: unknown, root: unknown): Json | undefined {
  if (typeof reference !== "string" || !reference.startsWith("#")) return undefined;
  let at: unknown = root;
  for (const part of reference.slice(1).split("/").slice(1, 20)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Json)[key];
  }
  return typeof at === "object" && at !== null && !Array.isArray(at) ? (at as Json) : undefined;
}
