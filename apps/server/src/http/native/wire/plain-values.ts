/** `""` means "not known" inside; on the wire that is `null`. */
export function textOrNull(text: string): string | null {
  return text === "" ? null : text;
}

/** Keys are outside data: `__proto__` becomes a key like any other. */
export function recordOf<Value>(map: ReadonlyMap<string, Value>): Record<string, Value> {
  const record = Object.create(null) as Record<string, Value>;
  for (const [key, value] of map) record[key] = value;
  return record;
}
