/** The window of a page: as the URL says it (`range`, or `from` and `to`), and as the API wants it. */
export interface TimeRangeSearch {
  range?: string;
  from?: string;
  to?: string;
}

export interface Preset {
  key: string;
  label: string;
  ms: number | undefined;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const presets: readonly Preset[] = [
  { key: "15m", label: "Last 15 minutes", ms: 15 * MINUTE },
  { key: "1h", label: "Last hour", ms: HOUR },
  { key: "6h", label: "Last 6 hours", ms: 6 * HOUR },
  { key: "24h", label: "Last 24 hours", ms: DAY },
  { key: "7d", label: "Last 7 days", ms: 7 * DAY },
  { key: "30d", label: "Last 30 days", ms: 30 * DAY },
  { key: "90d", label: "Last 90 days", ms: 90 * DAY },
  { key: "all", label: "All time", ms: undefined },
];

export const DEFAULT_RANGE = "7d";

/** `from` and `to` for the API. An absolute window wins over a preset; an unknown preset is the default one. */
export function resolveRange(search: TimeRangeSearch, nowMs: number): { from?: string; to?: string } {
  if (search.from !== undefined || search.to !== undefined) {
    return { ...(search.from === undefined ? {} : { from: search.from }), ...(search.to === undefined ? {} : { to: search.to }) };
  }
  const preset = presetOf(search);
  return preset.ms === undefined ? {} : { from: new Date(nowMs - preset.ms).toISOString() };
}

export function presetOf(search: TimeRangeSearch): Preset {
  const key = search.range ?? DEFAULT_RANGE;
  const found = presets.find((preset) => preset.key === key) ?? presets.find((preset) => preset.key === DEFAULT_RANGE);
  if (found === undefined) throw new Error("the default range is one of the presets");
  return found;
}

/** Value of `<input type="datetime-local">` for a time, in the zone shown. */
export function toInputValue(iso: string | undefined, zone: "local" | "utc"): string {
  if (iso === undefined) return "";
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  const shifted = zone === "utc" ? date : new Date(date.getTime() - date.getTimezoneOffset() * MINUTE);
  return shifted.toISOString().slice(0, 16);
}

/** RFC 3339 UTC of what a person typed into `<input type="datetime-local">`; undefined when it is no time. */
export function fromInputValue(value: string, zone: "local" | "utc"): string | undefined {
  if (value === "") return undefined;
  const date = new Date(zone === "utc" ? `${value}Z` : value);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
