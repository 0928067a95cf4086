import { clsx } from "clsx";
import { lazy, Suspense, useId, useMemo, useState } from "react";
import { Skeleton } from "../PanelState.tsx";
import { Swatch } from "./Swatch.tsx";
import { seriesColors, summarise, type ChartSeries } from "./chart-data.ts";

// On its way as soon as a page with charts is: not behind the figures it will draw, and not in the page itself.
const drawing = import("./TimeChartCanvas.tsx").then(
  (module) => ({ default: module.TimeChartCanvas }),
  () => ({ default: DrawingMissing }),
);
const TimeChartCanvas = lazy(() => drawing);

/** A moment worth a line across the chart: a release, a changed prompt. */
export interface ChartMarker {
  timeMs: number;
  label: string;
}

/** A step of the chart that was clicked; `series` is the one under the pointer, when there is one. */
export interface ChartPick {
  fromMs: number;
  toMs: number;
  series: string | undefined;
}

/** `times`, `series` and `markers` should keep their identity (`useMemo`) while nothing changed: a new one is a new drawing. */
export interface TimeChartProps {
  /** Name of the chart for screen readers. */
  label: string;
  /** Starts of the steps, milliseconds since 1970, ascending. */
  times: readonly number[];
  /** Length of a step. */
  stepMs: number;
  /** Ends of the axis; by default the first and last step. */
  fromMs?: number | undefined;
  toMs?: number | undefined;
  series: readonly ChartSeries[];
  shape?: "line" | "area" | "bars";
  /** Layers on top of each other, the first at the bottom. Bars always are. */
  stacked?: boolean;
  /** A value in the tooltip and the legend. */
  format: (value: number) => string;
  /** A value on the axis, shorter. */
  formatAxis?: ((value: number) => string) | undefined;
  /** Distances between lines of the axis to choose from; by default powers of ten and their halves. `DURATION_STEPS` for times. */
  axisSteps?: readonly number[] | undefined;
  height?: number;
  markers?: readonly ChartMarker[];
  onPick?: ((pick: ChartPick) => void) | undefined;
  /** Fewer than two series need no legend. `line`: in one line that scrolls, where the height is given. */
  legend?: boolean | "line";
}

export const CHART_HEIGHT = 180;

/**
 * Figures over time: lines, areas or stacked bars. Drag to zoom (the window of the URL), click a step for what is behind it, arrow
 * keys to walk through the steps. The drawing is loaded when the first chart is shown; its place is kept, so that nothing moves.
 */
export function TimeChart({ legend, height = CHART_HEIGHT, ...props }: TimeChartProps) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const { series, format } = props;
  const colors = useMemo(() => seriesColors(series), [series]);
  const shown = useMemo(() => series.filter(({ key, previousOf }) => !hidden.has(previousOf ?? key)), [series, hidden]);
  const summary = useMemo(() => summarise(series, format), [series, format]);
  const summaryId = useId();
  const listed = series.filter(({ previousOf }) => previousOf === undefined);
  const hasPrevious = listed.length < series.length;
  const hasLegend = legend === undefined || legend === "line" ? listed.length > 1 || hasPrevious : legend;
  const toggle = (key: string): void => {
    const next = new Set(hidden);
    if (!next.delete(key)) next.add(key);
    // Hiding the last one left would leave an empty chart: then all come back.
    setHidden(listed.every((each) => next.has(each.key)) ? new Set() : next);
  };
  return (
    <div className="min-w-0">
      <p id={summaryId} className="sr-only">
        {summary}
      </p>
      {hasLegend ? (
        <ul
          aria-label="Legend"
          className={clsx(
            "mb-1 flex gap-x-3 px-4 text-xs text-ink-2",
            legend === "line" ? "overflow-x-auto [mask-image:linear-gradient(to_right,black_calc(100%-2rem),transparent)] [&>li]:shrink-0" : "flex-wrap",
          )}
        >
          {listed.map(({ key, label }) => (
            <li key={key} className="min-w-0 max-w-48">
              <button
                type="button"
                aria-pressed={!hidden.has(key)}
                title={hidden.has(key) ? `Show ${label}` : `Hide ${label}`}
                onClick={() => toggle(key)}
                className={clsx("flex h-6 max-w-full items-center gap-1.5 rounded-sm hover:text-ink", hidden.has(key) && "text-ink-3 line-through")}
              >
                <Swatch color={colors.get(key)} faded={hidden.has(key)} />
                <span className="truncate">{label}</span>
              </button>
            </li>
          ))}
          {hasPrevious ? (
            <li className="flex h-6 items-center gap-1.5 text-ink-3">
              <span aria-hidden className="w-3 border-t-[1.5px] border-dashed border-ink-3" /> period before
            </li>
          ) : null}
        </ul>
      ) : null}
      <Suspense fallback={<ChartSkeleton height={height} />}>
        <TimeChartCanvas {...props} series={shown} colors={colors} height={height} summaryId={summaryId} />
      </Suspense>
    </div>
  );
}

/** Its code could not be loaded (the server was updated or went away): the panel says so, the page stays. */
function DrawingMissing({ height }: { height: number }) {
  return (
    <p role="alert" className="flex items-center justify-center px-6 text-center text-ink-3" style={{ height }}>
      The chart could not be loaded. Reload the page, or choose “Show as table”.
    </p>
  );
}

/** Where a chart will be. */
export function ChartSkeleton({ height = CHART_HEIGHT }: { height?: number }) {
  return (
    <div role="status" aria-label="Loading" className="px-4 pb-6" style={{ height }}>
      <Skeleton className="h-full w-full opacity-60" />
    </div>
  );
}
