const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** `1,234`. */
export function formatCount(value: number): string {
  return whole.format(value);
}

/** `1.2k`, `34M`: for narrow columns; whole below 1,000. */
export function formatCompact(value: number): string {
  if (Math.abs(value) < 1_000) return String(Math.round(value * 10) / 10);
  const steps: [number, string][] = [
    [1e9, "B"],
    [1e6, "M"],
    [1e3, "k"],
  ];
  for (const [size, suffix] of steps) {
    // 999,950 would round to "1000k": the next step takes over from there.
    if (Math.abs(value) < size * 0.99995) continue;
    const scaled = value / size;
    return `${scaled.toFixed(Math.abs(scaled) < 9.95 ? 1 : 0).replace(/\.0$/, "")}${suffix}`;
  }
  return whole.format(value);
}

/** Dollars with as many digits as they need: `$12.34`, `$0.0042`, `<$0.00001`. Only an exact zero is `$0`. */
export function formatUsd(value: number): string {
  if (value === 0) return "$0";
  const size = Math.abs(value);
  if (size < 0.00001) return "<$0.00001";
  if (size < 0.01) return `$${trimZeros(value.toPrecision(2))}`;
  if (size < 1) return `$${value.toFixed(4).replace(/0{1,2}$/, "")}`;
  return `$${new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value)}`;
}

function trimZeros(text: string): string {
  return Number(text).toFixed(8).replace(/0+$/, "");
}

/** `312 µs`, `45 ms`, `1.24 s`, `3 m 05 s`, `2 h 10 m`, `11 d 13 h`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return "0 ms";
  if (ms < 1) return `${Math.max(1, Math.round(ms * 1000))} µs`;
  if (ms < 999.5) return `${ms < 10 ? trimTail(ms.toFixed(1)) : Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 59.995) return `${seconds.toFixed(seconds < 9.995 ? 2 : 1)} s`;
  const total = Math.round(seconds);
  if (total < 3600) return `${Math.floor(total / 60)} m ${pad(total % 60)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} m`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${pad(hours % 24)} h`;
}

function trimTail(text: string): string {
  return text.replace(/\.0$/, "");
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

/** `512 B`, `14.2 kB`, `20 MB` (decimal units). */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? trimTail(value.toFixed(1)) : Math.round(value)} ${units[unit]}`;
}

/** `1 trace`, `2 traces`. */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : many}`;
}
