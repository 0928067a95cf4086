import type { SloIndicatorOut, SloOut, SloStatusOut } from "@telltale/model/api";
import { formatDuration } from "../../format/number.ts";

/** `99%`, `99.95%`: a share with as many digits as tell it from its neighbours, never rounded up to 100. */
export function formatShare(share: number, digits = 2): string {
  const percent = share * 100;
  if (percent >= 100) return "100%";
  const factor = 10 ** digits;
  return `${String(Math.floor(percent * factor + 1e-6) / factor)}%`;
}

/** What is left of a budget: `32%`, `−14%`; whole below 10 digits matter little. */
export function formatBudget(remaining: number): string {
  const percent = remaining * 100;
  if (Math.abs(percent) >= 1000) return `${percent < 0 ? "−" : ""}${Math.round(Math.abs(percent) / 100)}×`;
  const rounded = Math.abs(percent) < 10 ? Math.round(percent * 10) / 10 : Math.round(percent);
  return `${rounded < 0 ? "−" : ""}${Math.abs(rounded)}%`;
}

/** `14.4×`. */
export function formatRate(rate: number): string {
  return `${rate >= 100 ? Math.round(rate) : Math.round(rate * 10) / 10}×`;
}

/** `95% of traces within 4 s (p95)`. */
export function objectiveText({ indicator, target }: Pick<SloOut, "indicator" | "target">): string {
  const share = formatShare(target, 3);
  if (indicator.kind === "error_rate") return `${share} of traces without an error`;
  const what = indicator.kind === "latency" ? "of traces within" : "of first tokens within";
  const percentile = percentileName(target);
  return `${share} ${what} ${formatDuration(indicator.threshold_ms)}${percentile === undefined ? "" : ` (${percentile})`}`;
}

/** `p95` for 0.95; undefined for a target that has no such name. */
export function percentileName(target: number): string | undefined {
  const percent = Math.round(target * 1e6) / 1e4;
  return Number.isInteger(percent) && percent >= 50 ? `p${percent}` : undefined;
}

export const indicatorNames: Record<SloIndicatorOut["kind"], string> = { latency: "Latency", ttft: "Time to first token", error_rate: "Errors" };

export const stateNames: Record<SloStatusOut["state"], string> = {
  healthy: "Healthy",
  burning_slow: "Burning slowly",
  burning_fast: "Burning fast",
  exhausted: "Exhausted",
  no_data: "No data",
};

/** Why an objective without data has none. */
export function emptyReason({ excluded }: Pick<SloStatusOut, "excluded">): string {
  return excluded === 0 ? "No trace matched in the window." : `None of ${excluded.toLocaleString("en-US")} matching traces has the signal.`;
}
