import { useQueries } from "@tanstack/react-query";
import type { Aggregation, MetricsAnswer, TileQuery } from "@telltale/model/api";
import { metricsQuery, timelineOf, totalOf } from "../../api/metrics.ts";
import { Panel } from "../../components/Panel.tsx";
import { Sparkline } from "../../components/Sparkline.tsx";
import { formatMetric } from "../../format/metric.ts";
import { tracesLink } from "../../url/traces-link.ts";
import { askOf, joinFilters, useTileScope } from "./dashboard-scope.ts";
import { aggregationLabels } from "./metric-labels.ts";
import { aggregationsOf, measureName, restsOn } from "./tile-figures.ts";
import type { TileProps } from "./TileView.tsx";
import { useTileAnswers } from "./use-tile-answers.ts";

/** One figure over the window, its course below it, and what it rests on. Several queries: several figures. */
export function NumberTile({ tile, height, isSeen, actions }: TileProps) {
  const scope = useTileScope(tile.time);
  // A figure of a group makes no sense beside others of its kind: groups are for lists and tables.
  const plain = tile.queries.map(({ group_by: _group, ...query }) => query);
  const { queries, answered, partial } = useTileAnswers(
    { ...tile, queries: plain },
    plain.map((query) => askOf(query, scope, undefined)),
    isSeen,
  );
  const courses = useQueries({ queries: plain.map((query) => ({ ...metricsQuery(askOf(query, scope, query.interval ?? scope.interval)), enabled: isSeen })) });
  const filter = joinFilters([scope.filter, plain.length === 1 ? (plain[0]?.filter ?? "") : ""]);
  const figures = answered.map(({ query, answer }, index) => ({
    query,
    answer,
    aggregations: aggregationsOf({ query, answer }),
    course: courses[index]?.data,
  }));
  return (
    <Panel
      title={tile.title}
      queries={queries}
      partial={partial}
      minHeight={height}
      traces={tracesLink(filter, scope.window)}
      actions={actions}
      className="h-full"
      table={() => ({
        header: ["Figure", "Value", "n", "unknown"],
        rows: figures.flatMap(({ query, answer, aggregations }) =>
          aggregations.map((aggregation) => {
            const total = totalOf(answer);
            return [`${measureName(query, aggregation)} (${aggregation})`, total?.values[aggregation] ?? null, total?.n ?? 0, total?.n_missing ?? 0];
          }),
        ),
      })}
    >
      <div className="flex min-h-0 grow flex-wrap gap-x-4 px-4 pb-2">
        {figures.map((figure, index) => (
          <Figure key={index} {...figure} isNamed={figures.length > 1} />
        ))}
      </div>
    </Panel>
  );
}

interface FigureProps {
  query: TileQuery;
  answer: MetricsAnswer;
  aggregations: readonly Aggregation[];
  course: MetricsAnswer | undefined;
  isNamed: boolean;
}

function Figure({ query, answer, aggregations, course, isNamed }: FigureProps) {
  const total = totalOf(answer);
  const [main, ...others] = aggregations;
  if (total === undefined || main === undefined) return null;
  const spark = course === undefined ? undefined : timelineOf(course, [main]).series[0]?.values;
  return (
    <div className="flex min-w-28 grow basis-0 flex-col">
      {isNamed ? <span className="truncate text-xs text-ink-3">{measureName(query, main)}</span> : null}
      <span className="flex items-baseline gap-2 whitespace-nowrap">
        <span className="num text-xl leading-7 font-semibold tracking-[-0.02em]">{formatMetric(total.values[main], answer.unit)}</span>
        <span className="num min-w-0 truncate text-xs text-ink-3">
          {others.map((aggregation) => `${aggregationLabels[aggregation]} ${formatMetric(total.values[aggregation], answer.unit)}`).join(", ")}
        </span>
      </span>
      <span className="num truncate text-2xs text-ink-3">{restsOn(total, answer.of)}</span>
      <span className="mt-1 block min-h-0 grow">{spark === undefined ? null : <Sparkline values={spark} />}</span>
    </div>
  );
}
