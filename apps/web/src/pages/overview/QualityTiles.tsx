import { useQuery } from "@tanstack/react-query";
import { changeOf, metricsQuery, type MetricsAsk, pastOf, sumOf, timelineOf, totalOf } from "../../api/metrics.ts";
import { qualityRateQuery } from "../../api/quality.ts";
import { StatTile } from "../../components/StatTile.tsx";
import { addClause } from "../../filter/clauses.ts";
import { groupClause, groupFilter } from "../../filter/group-clause.ts";
import { formatMetric } from "../../format/metric.ts";
import { plural } from "../../format/number.ts";
import type { Scope } from "../../url/scope.ts";
import { tracesLink } from "../../url/traces-link.ts";

const SHOWN_SCORERS = 3;
/** Asked for, so that the traces with any of them can be found. */
const KNOWN_SCORERS = 20;

/** The most frequent scorers and kinds of feedback with a numeric value, and which share of the traces has any. */
export function QualityTiles({ scope }: { scope: Scope }) {
  const ask = { metric: "assessment_value", aggregations: ["avg"], group_by: ["scorer"], order_by: "count" } satisfies Partial<MetricsAsk>;
  const now = useQuery(metricsQuery({ ...scope.now, ...ask, limit: KNOWN_SCORERS }));
  const before = useQuery(metricsQuery({ ...scope.before, ...ask, limit: KNOWN_SCORERS }));
  const steps = useQuery(metricsQuery({ ...scope.now, ...ask, limit: SHOWN_SCORERS, interval: scope.interval }));
  const lines = steps.data === undefined ? [] : timelineOf(steps.data, ["avg"]).series;
  const all = (now.data?.data ?? []).filter(({ rest }) => rest !== true);
  const scorers = all.filter(({ n }) => n > 0).slice(0, SHOWN_SCORERS);
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
            detail={<RateDetail scope={scope} name={name} />}
            n={`${plural(n, "assessment")}${failed > 0 ? `, ${failed} without a number` : ""}`}
            link={found === undefined ? undefined : tracesLink(found)}
          />
        );
      })}
      {now.isPending ? null : <CoverageTile scope={scope} names={all.map(({ group }) => group["scorer"] ?? "")} />}
    </>
  );
}

/** Beside a judged average: the pass rate as people would say, where they gave labels. It is known of a project as a whole only. */
function RateDetail({ scope, name }: { scope: Scope; name: string }) {
  const { project, filter, window } = scope;
  const rate = useQuery({ ...qualityRateQuery({ name, project_id: project ?? "0" }, window), enabled: project !== undefined && filter === "" }).data;
  if (rate === undefined || rate.corrected === null) return "average";
  const interval = rate.ci_low === null || rate.ci_high === null ? "" : ` (${formatMetric(rate.ci_low, "ratio")} – ${formatMetric(rate.ci_high, "ratio")})`;
  return `corrected ${formatMetric(rate.corrected, "ratio")}${interval}`;
}

/** `names`: of all scorers and kinds of feedback, for the traces that have any of them. */
function CoverageTile({ scope, names }: { scope: Scope; names: readonly string[] }) {
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
      link={tracesLink(anyOf(scope.filter, names))}
    />
  );
}

function anyOf(filter: string, names: readonly string[]): string {
  const clauses = names.flatMap((name) => groupClause("scorer", name) ?? []);
  return clauses.length === 0 ? filter : addClause(filter, clauses.length === 1 ? clauses.join("") : `(${clauses.join(" OR ")})`);
}
