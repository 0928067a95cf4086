const yes = new Set<unknown>([true, "yes", "pass", "true", "correct", "safe"]);
const no = new Set<unknown>([false, "no", "fail", "false", "incorrect", "unsafe"]);

/** A verdict in favour, as MLflow's judges ("yes") and people (`true`) give it. Numbers are no verdict. */
export function isPositive(value: unknown): boolean {
  return yes.has(typeof value === "string" ? value.toLowerCase() : value);
}

export function isNegative(value: unknown): boolean {
  return no.has(typeof value === "string" ? value.toLowerCase() : value);
}

/** A value in one line. */
export function valueText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(Math.round(value * 1000) / 1000);
  return JSON.stringify(value) ?? "";
}
