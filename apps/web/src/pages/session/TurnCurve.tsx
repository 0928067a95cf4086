import type { SessionStretch } from "@telltale/model/api";
import type { MouseEvent } from "react";

export interface TurnCurveProps {
  label: string;
  hint?: string;
  series: readonly SessionStretch[];
  valueOf: (stretch: SessionStretch) => number | null;
  format: (value: number) => string;
  color?: string;
  onJump: (position: number) => void;
}

const HEIGHT = 44;

/** A figure over the turns as bars, errors marked below; a click goes to the turn. */
export function TurnCurve({ label, hint, series, valueOf, format, color = "chart-1", onJump }: TurnCurveProps) {
  const values = series.map(valueOf);
  const known = values.filter((value) => value !== null);
  const max = known.reduce((high, value) => Math.max(high, value), 0);
  const last = known.at(-1);
  const jump = (event: MouseEvent<HTMLButtonElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    // Without a pointer (Enter) the place is not known: the middle then.
    const share = event.detail === 0 || width === 0 ? 0.5 : (event.clientX - left) / width;
    const stretch = series[Math.max(0, Math.min(series.length - 1, Math.floor(share * series.length)))];
    if (stretch !== undefined) onJump(stretch.position);
  };
  const summary = last === undefined ? "not known" : `up to ${format(max)}, last ${format(last)}`;
  return (
    <section className="min-w-0">
      <h2 className="mb-1 flex items-baseline justify-between gap-2 text-xs text-ink-3" title={hint}>
        {label} <span className="num">{summary}</span>
      </h2>
      {known.length === 0 ? null : (
        <button type="button" aria-label={`${label}: ${summary}. Go to a turn`} onClick={jump} className="block w-full rounded-sm">
          <svg
            aria-hidden
            viewBox={`0 0 ${series.length} ${HEIGHT}`}
            preserveAspectRatio="none"
            className="block h-11 w-full"
            style={{ color: `var(--${color})` }}
          >
            {values.map((value, index) => {
              const height = value === null || max === 0 ? 0 : Math.max(1, (value / max) * (HEIGHT - 5));
              const stretch = series[index];
              return (
                <g key={stretch?.position ?? index}>
                  <rect x={index + 0.08} y={HEIGHT - 4 - height} width={0.84} height={height} fill="currentColor" opacity={0.75} />
                  {stretch !== undefined && stretch.errors > 0 ? <rect x={index} y={HEIGHT - 2.5} width={1} height={2.5} fill="var(--error)" /> : null}
                </g>
              );
            })}
          </svg>
        </button>
      )}
    </section>
  );
}
