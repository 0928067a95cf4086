/**
 * JSON in which every number has the form of a double (`1` is `1.0`), as MLflow stores values of assessments
 * (google.protobuf.Value): filters compare this text, so both APIs must write the same.
 */
export function doubleJson(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(doubleJson).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}: ${doubleJson(item)}`)
      .join(", ")}}`;
  }
  return JSON.stringify(value ?? null);
}
