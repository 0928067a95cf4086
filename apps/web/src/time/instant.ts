/** Milliseconds since 1970 of an RFC 3339 UTC time, with the part below the millisecond kept as a fraction. */
export function instantMs(text: string): number {
  const ms = Date.parse(`${text.slice(0, 23).replace(/Z$/, "")}Z`);
  if (Number.isNaN(ms)) return Date.parse(text);
  const below = /^\d{1,6}/.exec(text.slice(23))?.[0];
  return below === undefined ? ms : ms + Number(below.padEnd(6, "0")) / 1e6;
}

/**
 * Nanoseconds between `base` (same format) and each time, as milliseconds. Subtracting seconds first keeps
 * microseconds exact, which a double holding milliseconds since 1970 cannot.
 */
export function relativeMs(base: string): (text: string) => number {
  const baseSecond = secondOf(base);
  const baseFraction = fractionMs(base);
  let cachedPrefix = "";
  let cachedSecond = 0;
  return (text) => {
    // Spans of one trace mostly share their second: parsing it once makes 50,000 spans cheap.
    const prefix = text.slice(0, 19);
    if (prefix !== cachedPrefix) {
      cachedPrefix = prefix;
      cachedSecond = secondOf(text);
    }
    return (cachedSecond - baseSecond) * 1000 + (fractionMs(text) - baseFraction);
  };
}

function secondOf(text: string): number {
  return Date.parse(`${text.slice(0, 19)}Z`) / 1000;
}

function fractionMs(text: string): number {
  if (text.charCodeAt(19) !== 46) return 0;
  let value = 0;
  let digits = 0;
  for (let index = 20; index < text.length && digits < 9; index += 1) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    digits += 1;
  }
  return value / 10 ** (digits - 3);
}

export type Zone = "local" | "utc";

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: Zone, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone}/${name}`;
  let found = formats.get(key);
  if (found === undefined) {
    found = new Intl.DateTimeFormat("en-GB", { ...options, hourCycle: "h23", ...(zone === "utc" ? { timeZone: "UTC" } : {}) });
    formats.set(key, found);
  }
  return found;
}

/** `23 Nov 14:03:09.123`: a moment in a list; the year is said when it is not this one. */
export function formatMoment(text: string, zone: Zone, nowMs: number): string {
  const ms = instantMs(text);
  if (!Number.isFinite(ms)) return text;
  const sameYear = new Date(ms).getUTCFullYear() === new Date(nowMs).getUTCFullYear();
  const day = format(zone, sameYear ? "day" : "year", { day: "2-digit", month: "short", ...(sameYear ? {} : { year: "numeric" }) }).format(ms);
  return `${day} ${formatClock(ms, zone)}`;
}

/** `23 Nov 14:03`: where seconds say nothing. */
export function formatMinute(text: string, zone: Zone, nowMs: number): string {
  return formatMoment(text, zone, nowMs).replace(/:\d\d\.\d{3}$/, "");
}

/** `14:03:09.123`. */
export function formatClock(ms: number, zone: Zone): string {
  const clock = format(zone, "clock", { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(ms);
  return `${clock}.${String(Math.floor(((ms % 1000) + 1000) % 1000)).padStart(3, "0")}`;
}

/** `23 Nov 2026, 14:03:09.123 UTC`: the whole truth, for titles. */
export function formatExact(text: string, zone: Zone): string {
  const ms = instantMs(text);
  if (!Number.isFinite(ms)) return text;
  const day = format(zone, "year", { day: "2-digit", month: "short", year: "numeric" }).format(ms);
  return `${day}, ${formatClock(ms, zone)} ${zone === "utc" ? "UTC" : zoneName(ms)}`;
}

function zoneName(ms: number): string {
  const parts = format("local", "zone", { hour: "2-digit", timeZoneName: "short" }).formatToParts(ms);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "local";
}

/** `just now`, `12 s ago`, `5 min ago`, `3 h ago`, `2 d ago`; times ahead of our clock read `in …`. */
export function formatAgo(text: string, nowMs: number): string {
  const seconds = (nowMs - instantMs(text)) / 1000;
  if (!Number.isFinite(seconds)) return text;
  const size = Math.abs(seconds);
  if (size < 2) return "just now";
  const amount =
    size < 60
      ? `${Math.floor(size)} s`
      : size < 3600
        ? `${Math.floor(size / 60)} min`
        : size < 86_400
          ? `${Math.floor(size / 3600)} h`
          : `${Math.floor(size / 86_400)} d`;
  return seconds < 0 ? `in ${amount}` : `${amount} ago`;
}
