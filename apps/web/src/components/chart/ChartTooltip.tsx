import { clsx } from "clsx";
import { formatCompact } from "../../format/number.ts";
import { formatMinute, type Zone } from "../../time/instant.ts";
import type { ChartSeries } from "./chart-data.ts";
import { Swatch } from "./Swatch.tsx";
import type { ChartMarker } from "./TimeChart.tsx";

export interface ChartTooltipProps {
  index: number;
  /** Where the step is, and how wide the chart is. */
  left: number;
  width: number;
  times: readonly number[];
  stepMs: number;
  series: readonly ChartSeries[];
  colors: ReadonlyMap<string, string>;
  format: (value: number) => string;
  zone: Zone;
  markers: readonly ChartMarker[];
  isStacked: boolean;
  hint: string | undefined;
  isSpoken: boolean;
}

const MAX_ROWS = 12;

/** All values of one step; on the side of the pointer that has room. */
export function ChartTooltip({ index, left, width, times, stepMs, series, colors, format, zone, markers, isStacked, hint, isSpoken }: ChartTooltipProps) {
  const start = times[index] ?? 0;
  const here = markers.filter(({ timeMs }) => timeMs >= start && timeMs < start + stepMs);
  const known = series.filter(({ values }) => values[index] !== null && values[index] !== undefined);
  // A layer of nothing is not to be seen, and need not be read.
  const rows = isStacked && known.some(({ values }) => values[index] !== 0) ? known.filter(({ values }) => values[index] !== 0) : known;
  // In a stack the top layer is the first row, as it looks; lines are ordered by what they show.
  const ordered = isStacked ? rows.toReversed() : rows.toSorted((a, b) => (b.values[index] ?? 0) - (a.values[index] ?? 0));
  const layers = rows.filter(({ previousOf }) => previousOf === undefined);
  const total = isStacked && layers.length > 1 ? layers.reduce((sum, { values }) => sum + (values[index] ?? 0), 0) : undefined;
  const isRight = left > width / 2;
  return (
    <div
      role={isSpoken ? "status" : undefined}
      className="pointer-events-none absolute top-1 z-20 max-w-72 min-w-36 rounded-md border border-line bg-raised px-2.5 py-2 text-xs shadow-md"
      style={isRight ? { right: width - left + 12 } : { left: left + 12 }}
    >
      <p className="num mb-1 whitespace-nowrap text-ink-3">{stepLabel(start, stepMs, zone)}</p>
      {rows.length === 0 ? <p className="text-ink-3">No data</p> : null}
      <table className="num w-full">
        <tbody>
          {total === undefined ? null : <TooltipRow label="Total" value={format(total)} n={undefined} color={undefined} isStrong />}
          {ordered.slice(0, MAX_ROWS).map((one) => (
            <TooltipRow
              key={one.key}
              label={one.label}
              value={format(one.values[index] ?? 0)}
              detail={intervalAt(one, index, format)}
              n={one.n?.[index]}
              color={colors.get(one.key)}
              isPast={one.previousOf !== undefined}
            />
          ))}
        </tbody>
      </table>
      {ordered.length > MAX_ROWS ? <p className="text-ink-3">and {ordered.length - MAX_ROWS} more</p> : null}
      {here.map(({ label, timeMs }) => (
        <p key={`${timeMs} ${label}`} className="mt-1 border-t border-line pt-1 text-ink-2">
          {label}
        </p>
      ))}
      {hint === undefined ? null : <p className="mt-1 text-2xs text-ink-3">{hint}</p>}
    </div>
  );
}

function intervalAt({ interval }: ChartSeries, index: number, format: (value: number) => string): string | undefined {
  const [low, high] = [interval?.low[index] ?? null, interval?.high[index] ?? null];
  return low === null || high === null ? undefined : `${format(low)} – ${format(high)}`;
}

interface RowProps {
  label: string;
  value: string;
  /** Where the value may truly lie. */
  detail?: string | undefined;
  n: number | undefined;
  color: string | undefined;
  isStrong?: boolean;
  isPast?: boolean;
}

function TooltipRow({ label, value, detail, n, color, isStrong = false, isPast = false }: RowProps) {
  return (
    <tr className={clsx(isPast && "text-ink-3", isStrong && "font-medium")}>
      <td className="max-w-40 py-px pr-3">
        <span className="flex items-center gap-1.5">
          {color === undefined ? null : isPast ? (
            <span aria-hidden className="w-2 shrink-0 border-t-[1.5px] border-dashed" style={{ borderColor: `var(--${color})` }} />
          ) : (
            <Swatch color={color} />
          )}
          <span className="truncate">{label}</span>
        </span>
      </td>
      <td className="py-px text-right font-medium whitespace-nowrap">
        {value}
        {detail === undefined ? null : <span className="ml-1.5 font-normal text-ink-3">{detail}</span>}
      </td>
      {n === undefined ? null : <td className="py-px pl-2 text-right whitespace-nowrap text-ink-3">n {formatCompact(n)}</td>}
    </tr>
  );
}

/** `23 Nov 14:00 – 14:15`, the day alone for steps of days, and one time for what is measured at a moment. */
export function stepLabel(startMs: number, stepMs: number, zone: Zone): string {
  const text = (ms: number): string => formatMinute(new Date(ms).toISOString(), zone, Date.now());
  const start = text(startMs);
  if (stepMs >= 86_400_000) return stepMs === 86_400_000 ? start.slice(0, -6) : `${start.slice(0, -6)} – ${text(startMs + stepMs - 1).slice(0, -6)}`;
  if (stepMs < 1_000) return start;
  const end = text(startMs + stepMs);
  return `${start} – ${end.slice(0, -5) === start.slice(0, -5) ? end.slice(-5) : end}`;
}
