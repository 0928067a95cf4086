import { useNavigate } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useMemo, useRef, useState, type KeyboardEvent } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useZone } from "../../url/search.ts";
import { useTheme } from "../theme.ts";
import { ChartTooltip } from "./ChartTooltip.tsx";
import { drawingData, drawingOptions, seriesAt, type DrawingInput } from "./chart-options.ts";
import type { TimeChartProps } from "./TimeChart.tsx";

export type TimeChartCanvasProps = TimeChartProps & { colors: ReadonlyMap<string, string>; height: number; summaryId: string };

/** The step that is pointed at, where in the chart it is, and how wide the chart is. */
interface Hover {
  index: number;
  left: number;
  width: number;
  byKeyboard: boolean;
}

const NONE: readonly never[] = [];
/** A drag shorter than this is a click with a trembling hand. */
const MIN_DRAG_PX = 6;

/** The drawing of `TimeChart`: a canvas by uPlot, with what is shown over it. */
export function TimeChartCanvas(props: TimeChartCanvasProps) {
  const { times, stepMs, axisSteps, series, shape = "line", stacked = false, format, height, markers = NONE, colors, onPick } = props;
  const zone = useZone();
  const { resolved: theme } = useTheme();
  const navigate = useNavigate();
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const [hover, setHover] = useState<Hover | undefined>();
  const isStacked = stacked || shape === "bars";
  const first = times[0] ?? 0;
  const fromMs = Math.min(props.fromMs ?? first, first);
  const toMs = Math.max(props.toMs ?? 0, (times.at(-1) ?? 0) + (props.toMs === undefined ? stepMs : 0), fromMs + stepMs);
  // Functions are new with every rendering; that alone is no reason to draw again.
  const formatAxis = useRef(format);
  useEffect(() => {
    formatAxis.current = props.formatAxis ?? format;
  });
  const input = useMemo<DrawingInput>(
    () => ({ series, colors, shape, stacked: isStacked, stepMs, fromMs, toMs, formatAxis: (value) => formatAxis.current(value), axisSteps, zone, markers }),
    [series, colors, shape, isStacked, stepMs, fromMs, toMs, axisSteps, zone, markers],
  );
  const data = useMemo(() => drawingData(times, { series, stacked: isStacked, stepMs }), [times, series, isStacked, stepMs]);

  const zoom = useEffectEvent((fromPx: number, toPx: number) => {
    const chart = plot.current;
    if (chart === undefined) return;
    const iso = (px: number): string => new Date(Math.round(chart.posToVal(px, "x") * 1000)).toISOString();
    void navigate({ to: ".", search: (previous) => ({ ...previous, range: undefined, from: iso(fromPx), to: iso(toPx) }) as never });
  });
  const pick = useEffectEvent((index: number, top: number | undefined) => {
    const start = times[index];
    const chart = plot.current;
    if (start === undefined || onPick === undefined) return;
    onPick({ fromMs: start, toMs: start + stepMs, series: top === undefined || chart === undefined ? undefined : seriesAt(chart, input, index, top) });
  });

  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const options = drawingOptions(input, { width: Math.max(120, element.clientWidth), height });
    const chart = new uPlot(
      {
        ...options,
        hooks: {
          ...options.hooks,
          setCursor: [
            (self) => {
              const index = self.cursor.idx;
              const left = self.cursor.left ?? -1;
              setHover(index === null || index === undefined || left < 0 ? undefined : hoverAt(self, index, false));
            },
          ],
          setSelect: [
            (self) => {
              const { left, width } = self.select;
              if (width >= MIN_DRAG_PX) zoom(left, left + width);
              self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
        },
      },
      data,
      element,
    );
    plot.current = chart;
    // uPlot stops the click that ends a drag: what arrives here was meant as one.
    const onClick = (event: MouseEvent): void => {
      const index = chart.cursor.idx;
      if (index !== null && index !== undefined) pick(index, event.offsetY);
    };
    chart.over.addEventListener("click", onClick);
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) chart.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = undefined;
      setHover(undefined);
    };
    // Drawn anew when the theme changes: the colours are read from its tokens.
  }, [input, data, height, theme]);

  const moveTo = (index: number): void => {
    const chart = plot.current;
    if (chart !== undefined) setHover(hoverAt(chart, index, true));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = times.length - 1;
    const at = hover?.index;
    const target = {
      ArrowLeft: at === undefined ? last : Math.max(0, at - 1),
      ArrowRight: at === undefined ? 0 : Math.min(last, at + 1),
      Home: 0,
      End: last,
    }[event.key];
    if (target !== undefined && last >= 0) moveTo(target);
    else if (event.key === "Enter" && at !== undefined) pick(at, undefined);
    else if (event.key === "Escape" && at !== undefined) setHover(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      role="application"
      aria-roledescription="chart"
      aria-label={props.label}
      aria-describedby={props.summaryId}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onBlur={() => setHover(undefined)}
      className="relative rounded-sm focus-inset"
      style={{ height }}
    >
      <div ref={holder} aria-hidden className={onPick === undefined ? "" : "[&_.u-over]:cursor-pointer"} />
      {hover === undefined || times[hover.index] === undefined ? null : (
        <>
          {hover.byKeyboard ? (
            <div aria-hidden className="pointer-events-none absolute top-2 bottom-[26px] w-px bg-ink-3" style={{ left: hover.left }} />
          ) : null}
          <ChartTooltip
            index={hover.index}
            left={hover.left}
            width={hover.width}
            times={times}
            stepMs={stepMs}
            series={series}
            colors={colors}
            format={format}
            zone={zone}
            markers={markers}
            isStacked={isStacked}
            hint={onPick === undefined ? undefined : hover.byKeyboard ? "Enter opens the traces" : "Click for the traces, drag to zoom"}
            isSpoken={hover.byKeyboard}
          />
        </>
      )}
    </div>
  );
}

function hoverAt(chart: uPlot, index: number, byKeyboard: boolean): Hover {
  return { index, left: chart.bbox.left / uPlot.pxRatio + chart.valToPos(chart.data[0][index] ?? 0, "x"), width: chart.width, byKeyboard };
}
