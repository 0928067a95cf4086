/** Accepts 32 hex digits with or without MLflow's `tr-`; returns lower-case hex, or `undefined`. */
export function parseTraceId(text: string): string | undefined {
  const hex = (text.startsWith("tr-") ? text.slice(3) : text).toLowerCase();
  return /^[0-9a-f]{32}$/.test(hex) ? hex : undefined;
}

/** The id under which a trace is stored: plain hex, or (MLflow allows any string) the client's own id as it is. */
export function storedTraceId(text: string): string {
  return parseTraceId(text) ?? text;
}

/** The id MLflow's routes show: `tr-` + hex; a custom id as it is. */
export function mlflowTraceId(stored: string): string {
  return /^[0-9a-f]{32}$/.test(stored) ? `tr-${stored}` : stored;
}
