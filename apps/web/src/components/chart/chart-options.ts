import uPlot from "uplot";
import type { Zone } from "../../time/instant.ts";
import { lonelyPoints, stack, type ChartSeries } from "./chart-data.ts";
import type { ChartMarker } from "./TimeChart.tsx";

const DAY_S = 86_400;
const FONT_PX = 11;

export interface DrawingInput {
  series: readonly ChartSeries[];
  colors: ReadonlyMap<string, string>;
  shape: "line" | "area" | "bars";
  stacked: boolean;
  stepMs: number;
  fromMs: number;
  toMs: number;
  formatAxis: (value: number) => string;
  axisSteps: readonly number[] | undefined;
  zone: Zone;
  markers: readonly ChartMarker[];
}

/** Which series each drawn one is: those of a stack are drawn from the top layer down, so that each covers its part. */
export function drawOrder(series: readonly ChartSeries[], stacked: boolean): number[] {
  const layers = series.flatMap(({ previousOf }, index) => (previousOf === undefined ? [index] : []));
  const past = series.flatMap(({ previousOf }, index) => (previousOf === undefined ? [] : [index]));
  return [...(stacked ? layers.toReversed() : layers), ...past];
}

/** Columns for uPlot: the middles of the steps in seconds, then the series as drawn. */
export function drawingData(times: readonly number[], input: Pick<DrawingInput, "series" | "stacked" | "stepMs">): uPlot.AlignedData {
  const { series, stacked, stepMs } = input;
  const layers = series.filter(({ previousOf }) => previousOf === undefined);
  const tops = stacked ? stack(layers.map(({ values }) => values)) : layers.map(({ values }) => [...values]);
  const topOf = new Map(layers.map(({ key }, index) => [key, tops[index] ?? []]));
  const columns = drawOrder(series, stacked).map((index) => {
    const one = series[index];
    return one === undefined ? [] : (topOf.get(one.key) ?? [...one.values]);
  });
  const edges = bandsOf(series).flatMap(({ low, high }) => [[...low], [...high]]);
  return [times.map((time) => (time + stepMs / 2) / 1000), ...columns, ...edges];
}

/** The intervals that are drawn as bands; their edges are the last columns, the lower one first. */
function bandsOf(series: readonly ChartSeries[]): { key: string; low: readonly (number | null)[]; high: readonly (number | null)[] }[] {
  return series.flatMap(({ key, interval }) => (interval === undefined ? [] : [{ key, ...interval }]));
}

/** The key of the layer at a height of the plot, or of the line that is nearest to it. */
export function seriesAt(plot: uPlot, { series, stacked }: Pick<DrawingInput, "series" | "stacked">, index: number, top: number): string | undefined {
  const value = plot.posToVal(top, "y");
  let best: { key: string; distance: number } | undefined;
  for (const [at, seriesIndex] of drawOrder(series, stacked).entries()) {
    const one = series[seriesIndex];
    const drawn = plot.data[at + 1]?.[index];
    if (one === undefined || one.previousOf !== undefined || drawn === null || drawn === undefined || (stacked && drawn < value)) continue;
    const distance = Math.abs(drawn - value);
    if (best === undefined || distance < best.distance) best = { key: one.key, distance };
  }
  return best?.key;
}

/** How it is drawn, from the tokens of the theme that is on. */
export function drawingOptions(input: DrawingInput, size: { width: number; height: number }): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const font = `${FONT_PX}px ${token("font-sans")}`;
  const { series, colors, stacked, zone } = input;
  const axis = { stroke: token("ink-3"), font, ticks: { show: false } } as const;
  return {
    ...size,
    tzDate: (seconds) => (zone === "utc" ? uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC") : new Date(seconds * 1000)),
    padding: [input.markers.length === 0 ? 8 : MARKER_ROOM_PX, 16, 0, 0],
    legend: { show: false },
    focus: { alpha: 1 },
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false, dist: 4 } },
    scales: {
      x: { time: true, range: [input.fromMs / 1000, input.toMs / 1000] },
      y: { range: (_plot, min, max) => yRange(min, max) },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 26, gap: 6, space: 70, values: (_plot, splits, _axis, _space, step) => timeLabels(splits, step, zone) },
      {
        ...axis,
        grid: { stroke: token("line"), width: 1 },
        size: 56,
        gap: 8,
        space: 34,
        ...(input.axisSteps === undefined ? {} : { incrs: [...input.axisSteps] }),
        values: (_plot, splits) => splits.map((value) => input.formatAxis(value)),
      },
    ],
    series: [
      {},
      ...drawOrder(series, stacked).flatMap((index) => {
        const one = series[index];
        if (one === undefined) return [];
        // Over bars of its own colour the past would not be seen.
        const name = one.previousOf !== undefined && input.shape === "bars" ? "ink-2" : (colors.get(one.key) ?? "chart-rest");
        return [seriesOptions(one, token(name), input)];
      }),
      ...bandsOf(series).flatMap(() => [EDGE, EDGE]),
    ],
    bands: bandsOf(series).map(({ key }, index) => {
      const low = 1 + series.length + 2 * index;
      return { series: [low + 1, low], fill: withAlpha(token(colors.get(key) ?? "chart-rest"), 0.16) };
    }),
    hooks: { draw: [(plot) => drawMarkers(plot, input.markers, { line: token("ink-3"), text: token("ink-2"), font })] },
  };
}

/** Of a band only what lies between its edges is seen. */
const EDGE: uPlot.Series = { width: 0, points: { show: false } };

function seriesOptions(one: ChartSeries, color: string, { shape, stacked }: DrawingInput): uPlot.Series {
  const lonely: uPlot.Series.Points = { show: true, size: 4, fill: color, width: 0, filter: (plot, index) => lonelyPoints([...(plot.data[index] ?? [])]) };
  const points: uPlot.Series.Points = one.hasPoints === true ? { show: true, size: 6, fill: color, width: 0 } : lonely;
  if (one.previousOf !== undefined) return { stroke: withAlpha(color, 0.65), width: 1.25, dash: [4, 4], points };
  if (shape === "bars") {
    const { bars } = uPlot.paths;
    return { fill: color, width: 0, points: { show: false }, ...(bars === undefined ? {} : { paths: bars({ size: [0.78, 28], radius: 0 }) }) };
  }
  const fill = shape === "area" ? { fill: stacked ? withAlpha(color, 0.75) : withAlpha(color, 0.13) } : {};
  return { stroke: color, width: 1.5, points, ...fill };
}

/** From zero, so that sizes compare; below it only where values are. */
function yRange(min: number | null, max: number | null): [number, number] {
  const low = Math.min(0, min ?? 0);
  const high = Math.max(0, max ?? 0);
  const span = high - low;
  if (span === 0) return [0, 1];
  return [low < 0 ? low - span * 0.06 : 0, high + span * 0.08];
}

const labelFormats = new Map<string, Intl.DateTimeFormat>();

function labelFormat(zone: Zone, kind: "clock" | "day"): Intl.DateTimeFormat {
  const key = `${zone} ${kind}`;
  let found = labelFormats.get(key);
  if (found === undefined) {
    const parts = kind === "day" ? ({ day: "numeric", month: "short" } as const) : ({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const);
    found = new Intl.DateTimeFormat("en-GB", { ...parts, ...(zone === "utc" ? { timeZone: "UTC" } : {}) });
    labelFormats.set(key, found);
  }
  return found;
}

/** `14:00`, and the day where one begins: the eye finds midnight. */
export function timeLabels(splits: readonly number[], stepSeconds: number, zone: Zone): string[] {
  return splits.map((seconds) => {
    const clock = labelFormat(zone, "clock").format(seconds * 1000);
    return stepSeconds >= DAY_S || clock === "00:00" ? labelFormat(zone, "day").format(seconds * 1000) : clock;
  });
}

interface MarkerInk {
  line: string;
  text: string;
  font: string;
}

const MARKER_MAX_PX = 110;
const MARKER_NEAR_PX = 10;
/** Labels stand above the plot, where they cover no line. */
const MARKER_ROOM_PX = 22;

/** Lines across the chart with their labels above it. Those close together share a label; one without room is left to the tooltip. */
function drawMarkers(plot: uPlot, markers: readonly ChartMarker[], ink: MarkerInk): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  const groups: { x: number; labels: string[] }[] = [];
  for (const { timeMs, label } of markers.toSorted((a, b) => a.timeMs - b.timeMs)) {
    const x = Math.round(plot.valToPos(timeMs / 1000, "x", true)) + 0.5;
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const last = groups.at(-1);
    if (last !== undefined && x - last.x < MARKER_NEAR_PX * ratio) last.labels.push(label);
    else groups.push({ x, labels: [label] });
  }
  ctx.save();
  ctx.font = ink.font.replace(`${FONT_PX}px`, `${Math.round(10 * ratio)}px`);
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  ctx.strokeStyle = withAlpha(ink.line, 0.8);
  ctx.lineWidth = ratio;
  ctx.setLineDash([2 * ratio, 3 * ratio]);
  for (const { x } of groups) {
    ctx.beginPath();
    ctx.moveTo(x, bbox.top - 6 * ratio);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  let freeFrom = -Infinity;
  for (const { x, labels } of groups) {
    const more = labels.length > 1 ? ` +${labels.length - 1}` : "";
    const text = fitText(ctx, labels[0] ?? "", MARKER_MAX_PX * ratio) + more;
    const width = ctx.measureText(text).width;
    const left = Math.max(freeFrom === -Infinity ? bbox.left : freeFrom, Math.min(x - 2 * ratio, bbox.left + bbox.width - width));
    // Pushed away from its line it would belong to none.
    if (left > x + 2 * ratio) continue;
    freeFrom = left + width + 8 * ratio;
    ctx.fillStyle = ink.text;
    ctx.fillText(text, left, bbox.top - 18 * ratio);
  }
  ctx.restore();
}

function fitText(ctx: CanvasRenderingContext2D, text: string, maxWidth: number): string {
  if (ctx.measureText(text).width <= maxWidth) return text;
  let length = text.length;
  while (length > 1 && ctx.measureText(`${text.slice(0, length)}…`).width > maxWidth) length -= 1;
  return `${text.slice(0, length)}…`;
}

/** `oklch(l c h)` → `oklch(l c h / alpha)`. */
function withAlpha(color: string, alpha: number): string {
  return color.replace(/\)$/, ` / ${alpha})`);
}
