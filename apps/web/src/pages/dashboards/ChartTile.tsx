import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { ChartPanel } from "../../components/chart/ChartPanel.tsx";
import { DURATION_STEPS, formatAxis, formatMetric } from "../../format/metric.ts";
import { intervalMs } from "../../time/interval.ts";
import { stepWindow, tracesLink } from "../../url/traces-link.ts";
import { askOf, joinFilters, useTileScope } from "./dashboard-scope.ts";
import { seriesOf } from "./tile-figures.ts";
import type { TileProps } from "./TileView.tsx";
import { useTileAnswers } from "./use-tile-answers.ts";

/** Beside six, the lines of a chart are no longer told apart. */
const DEFAULT_GROUPS = 6;
const LEGEND_HEIGHT = 30;

/** Lines, or stacked bars, over time. A click on a step leads to its traces. */
export function ChartTile({ tile, height, isSeen, actions }: TileProps) {
  const scope = useTileScope(tile.time);
  const navigate = useNavigate();
  const step = tile.queries[0]?.interval ?? scope.interval;
  const asks = tile.queries.map((query) =>
    askOf(query.group_by === undefined ? query : { ...query, limit: query.limit ?? DEFAULT_GROUPS }, scope, query.interval ?? step),
  );
  const { queries, answered, partial, isEmpty } = useTileAnswers(tile, asks, isSeen);
  // The drawing is made anew only when an answer is.
  const { times, series } = useMemo(() => seriesOf(answered), [answered]);
  const unit = answered[0]?.answer.unit ?? "count";
  const filter = joinFilters([scope.filter, tile.queries.length === 1 ? (tile.queries[0]?.filter ?? "") : ""]);
  const isBars = tile.kind === "bars";
  return (
    <ChartPanel
      title={tile.title}
      queries={queries}
      partial={partial}
      empty={isEmpty ? "No data in this window." : undefined}
      traces={tracesLink(filter, scope.window)}
      actions={actions}
      className="h-full overflow-y-auto"
      times={times}
      stepMs={intervalMs(step)}
      fromMs={Date.parse(scope.window.from)}
      toMs={Date.parse(scope.window.to)}
      series={series}
      shape={isBars ? "bars" : "line"}
      stacked={isBars}
      legend="line"
      format={(value) => formatMetric(value, unit)}
      formatAxis={(value) => formatAxis(value, unit)}
      axisSteps={unit === "ms" ? DURATION_STEPS : undefined}
      height={Math.max(60, height - (series.length > 1 ? LEGEND_HEIGHT : 4))}
      onPick={(pick) => void navigate(tracesLink(filter, stepWindow(pick)) as never)}
    />
  );
}
