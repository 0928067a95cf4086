import { useQuery } from "@tanstack/react-query";
import { changeOf, metricsQuery, pastOf, sumOf, timelineOf, totalOf } from "../../api/metrics.ts";
import { StatTile } from "../../components/StatTile.tsx";
import { groupFilter } from "../../filter/group-clause.ts";
import { formatMetric } from "../../format/metric.ts";
import { plural } from "../../format/number.ts";
import type { Scope } from "../../url/scope.ts";
import { tracesLink } from "../../url/traces-link.ts";

const SHOWN_SCORERS = 3;

/** The most frequent scorers and kinds of feedback with a numeric value, and which share of the traces has any. */
export function QualityTiles({ scope }: { scope: Scope }) {
  const ask = { metric: "assessment_value", aggregations: ["avg" as const], group_by: ["scorer"], order_by: "count" as const, limit: SHOWN_SCORERS } as const;
  const now = useQuery(metricsQuery({ ...scope.now, ...ask, group_by: ["scorer"], aggregations: ["avg"] }));
  const before = useQuery(metricsQuery({ ...scope.before, ...ask, group_by: ["scorer"], aggregations: ["avg"], limit: 20 }));
  const steps = useQuery(metricsQuery({ ...scope.now, ...ask, group_by: ["scorer"], aggregations: ["avg"], interval: scope.interval }));
  const lines = steps.data === undefined ? [] : timelineOf(steps.data, ["avg"]).series;
  const scorers = (now.data?.data ?? []).filter(({ rest, n }) => rest !== true && n > 0);
  return (
    <>
      {scorers.map(({ group, values, n, n_missing: failed }) => {
        const name = group["scorer"] ?? "";
        const past = before.data?.data.find((point) => point.rest !== true && point.group["scorer"] === name);
        const found = groupFilter(scope.filter, { scorer: name });
        return (
          <StatTile
            key={name}
            label={name}
            value={formatMetric(values.avg, "value")}
            delta={{ change: changeOf(values.avg, pastOf(past, "avg")), before: formatMetric(past?.values.avg, "value") }}
            sparkline={lines.find((line) => line.group["scorer"] === name)?.values}
            color="chart-6"
            detail="average"
            n={`${plural(n, "assessment")}${failed > 0 ? `, ${failed} without a number` : ""}`}
            link={found === undefined ? undefined : tracesLink(found)}
          />
        );
      })}
      <CoverageTile scope={scope} />
    </>
  );
}

function CoverageTile({ scope }: { scope: Scope }) {
  const now = useQuery(metricsQuery({ ...scope.now, metric: "scored_rate", aggregations: ["avg", "sum"], interval: scope.interval }));
  const before = useQuery(metricsQuery({ ...scope.before, metric: "scored_rate", aggregations: ["avg"] }));
  const scored = now.data === undefined ? 0 : (sumOf(now.data, "sum") ?? 0);
  if (now.data === undefined || scored === 0) return null;
  const n = now.data.data.reduce((sum, point) => sum + point.n, 0);
  const past = totalOf(before.data);
  return (
    <StatTile
      label="Scored"
      value={formatMetric(scored / n, "ratio")}
      delta={{ change: changeOf(scored / n, pastOf(past, "avg")), before: formatMetric(past?.values.avg, "ratio") }}
      sparkline={timelineOf(now.data, ["avg"]).series[0]?.values}
      color="chart-6"
      n={`${plural(scored, "trace")} with feedback`}
      link={tracesLink(scope.filter)}
    />
  );
}
