import { clsx } from "clsx";

export interface IntervalBarProps {
  /** All shares of 1. */
  low: number | null;
  high: number | null;
  value: number | null;
  /** What it was before it was corrected. */
  raw?: number | null;
  className?: string;
}

/** A share with its interval on the line from 0 to 1. Decoration: the figures beside it say the same. */
export function IntervalBar({ low, high, value, raw, className }: IntervalBarProps) {
  const at = (share: number): string => `${Math.min(1, Math.max(0, share)) * 100}%`;
  return (
    <span aria-hidden className={clsx("relative block h-4 min-w-24", className)}>
      <span className="absolute inset-x-0 top-1/2 h-px bg-line-strong" />
      {low === null || high === null ? null : (
        <span
          className="absolute top-1/2 h-1.5 min-w-0.5 -translate-y-1/2 rounded-full bg-accent/35"
          style={{ left: at(low), width: `calc(${at(high)} - ${at(low)})` }}
        />
      )}
      {raw === null || raw === undefined ? null : (
        <span title="as the scorer says" className="absolute inset-y-0.5 w-0.5 -translate-x-1/2 rounded-full bg-ink-faint" style={{ left: at(raw) }} />
      )}
      {value === null ? null : <span className="absolute inset-y-0 w-[3px] -translate-x-1/2 rounded-full bg-accent" style={{ left: at(value) }} />}
    </span>
  );
}
