import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { metricsQuery } from "../../api/metrics.ts";
import type { ScorerKey } from "../../api/scorers.ts";
import { ChartPanel } from "../../components/chart/ChartPanel.tsx";
import { groupFilter } from "../../filter/group-clause.ts";
import { formatAxis, formatMetric } from "../../format/metric.ts";
import { formatCount } from "../../format/number.ts";
import { intervalMs } from "../../time/interval.ts";
import type { Scope } from "../../url/scope.ts";
import { tracesLink } from "../../url/traces-link.ts";
import { partialNote } from "../overview/partial-note.ts";
import { averageSeries, scoreCounts } from "./score-series.ts";

/** Groups of scorer, source and value that are asked for; more than a scorer in words ever has. */
const MAX_GROUPS = 60;

/** What the scorer said over time, and how often it failed. Numbers are averaged, words counted. */
export function ScoresPanel({ scorer, scope }: { scorer: ScorerKey; scope: Scope }) {
  const filter = groupFilter("", { scorer: scorer.name }) ?? "";
  const common = { ...scope.now, filter, project_ids: [scorer.project_id], interval: scope.interval };
  const counts = useQuery(
    metricsQuery({ ...common, metric: "assessment_count", aggregations: ["count"], group_by: ["scorer", "source", "value"], limit: MAX_GROUPS }),
  );
  const averages = useQuery(metricsQuery({ ...common, metric: "assessment_value", aggregations: ["avg"], group_by: ["scorer", "source"], limit: MAX_GROUPS }));
  const counted = useMemo(() => (counts.data === undefined ? undefined : scoreCounts(counts.data, scorer.name)), [counts.data, scorer.name]);
  const average = useMemo(() => (averages.data === undefined ? undefined : averageSeries(averages.data, scorer.name)), [averages.data, scorer.name]);
  const shared = { stepMs: intervalMs(scope.interval), traces: tracesLink(filter) };
  const empty = counted?.n === 0 ? "It scored nothing in this window." : undefined;
  const bars = (
    <ChartPanel
      title={counted !== undefined && counted.words === undefined ? "Scored and failed" : "Scores over time"}
      note={counted === undefined ? undefined : `n = ${formatCount(counted.n)}`}
      queries={[counts]}
      partial={partialNote(counts.data)}
      empty={empty}
      times={counted?.times ?? []}
      series={counted?.words ?? counted?.counted ?? []}
      shape="bars"
      format={(value) => formatMetric(value, "count")}
      formatAxis={(value) => formatAxis(value, "count")}
      {...shared}
    />
  );
  if (counted === undefined || (counted.words !== undefined && !counted.isNumbers)) return bars;
  return (
    <>
      <ChartPanel
        title="Average over time"
        queries={[averages]}
        partial={partialNote(averages.data)}
        empty={average?.series.length === 0 ? "None of its values is a number." : undefined}
        times={average?.times ?? []}
        series={average?.series ?? []}
        format={(value) => formatMetric(value, "value")}
        formatAxis={(value) => formatAxis(value, "value")}
        {...shared}
      />
      {bars}
    </>
  );
}
