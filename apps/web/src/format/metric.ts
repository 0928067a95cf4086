import type { MetricsAnswer } from "@telltale/model/api";
import { formatCompact, formatCount, formatDuration, formatUsd } from "./number.ts";

export type Unit = MetricsAnswer["unit"];

/** A figure as its unit is read: `1,204`, `2.4%`, `1.24 s`, `$0.42`. Unknown is a dash. */
export function formatMetric(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined) return "–";
  switch (unit) {
    case "count":
      return Math.abs(value) < 100_000 ? formatCount(value) : formatCompact(value);
    case "tokens":
      return Math.abs(value) < 10_000 ? formatCount(value) : formatCompact(value);
    case "ratio":
      return formatShare(value);
    case "ms":
      return formatDuration(value);
    case "usd":
      return formatUsd(value);
    case "value":
      return trim(value.toPrecision(3));
  }
}

/** The same for an axis: short, and without digits that only say zero. */
export function formatAxis(value: number, unit: Unit): string {
  if (value === 0) return "0";
  switch (unit) {
    case "count":
    case "tokens":
      return formatCompact(value);
    case "ratio":
      return `${trim((value * 100).toPrecision(3))}%`;
    case "ms":
      return axisDuration(value);
    case "usd":
      return Math.abs(value) < 1 ? `$${trim(value.toPrecision(2))}` : `$${formatCompact(value)}`;
    case "value":
      return trim(value.toPrecision(3));
  }
}

/** Where the lines of a duration's axis lie, in milliseconds: seconds and minutes do not count in tens. */
export const DURATION_STEPS: readonly number[] = [
  ...[0.1, 1, 10, 100, 1000].flatMap((ten) => [ten, 2 * ten, 5 * ten]),
  ...[10, 15, 30, 60, 120, 300, 600, 900, 1800].map((seconds) => seconds * 1000),
  ...[1, 2, 3, 6, 12, 24, 48, 96].map((hours) => hours * 3_600_000),
];

function axisDuration(ms: number): string {
  if (ms >= 3_600_000) return `${trim((ms / 3_600_000).toFixed(1))} h`;
  if (ms >= 60_000) return `${trim((ms / 60_000).toFixed(1))} m`;
  return ms >= 1000 ? `${trim((ms / 1000).toFixed(1))} s` : `${trim(ms.toFixed(1))} ms`;
}

/** `2.4%`, `0.03%`, `<0.01%`; only an exact zero is `0%`. With `digits` 0 whole percents from 1 on. */
export function formatShare(share: number, digits = 1): string {
  const percent = share * 100;
  const size = Math.abs(percent);
  if (size === 0) return "0%";
  if (size < 0.01) return percent < 0 ? ">-0.01%" : "<0.01%";
  return `${trim(percent.toFixed(size < 1 ? 2 : size < 99.95 ? digits : 0))}%`;
}

/** `+12%`, `−3.4%`, `×3.2` for more than a doubling; `±0%` when nothing moved. */
export function formatChange(change: number): string {
  if (Math.abs(change) < 0.0005) return "±0%";
  if (change >= 1) return `×${trim((change + 1).toPrecision(2))}`;
  const percent = Math.abs(change * 100);
  return `${change < 0 ? "−" : "+"}${trim(percent.toFixed(percent < 9.95 ? 1 : 0))}%`;
}

function trim(text: string): string {
  return text.includes("e") ? String(Number(text)) : text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}
