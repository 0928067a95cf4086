import { BarList, type BarListItem } from "../../components/BarList.tsx";
import { Panel } from "../../components/Panel.tsx";
import { formatMetric } from "../../format/metric.ts";
import { formatCount } from "../../format/number.ts";
import { groupLink, tracesLink } from "../../url/traces-link.ts";
import { askOf, joinFilters, useTileScope } from "./dashboard-scope.ts";
import { aggregationsOf, groupLabel, isUnknown, measureName } from "./tile-figures.ts";
import type { TileProps } from "./TileView.tsx";
import { useTileAnswers } from "./use-tile-answers.ts";
import { ScrollRegion } from "../../components/ScrollRegion.tsx";

const DEFAULT_GROUPS = 10;
/** Whose parts add up to the whole. */
const additive = new Set(["sum", "count"]);

/** The largest groups by the first figure of the first query, each with a bar; a row leads to its traces. */
export function ListTile({ tile, height, isSeen, actions }: TileProps) {
  const scope = useTileScope(tile.time);
  const { queries, answered, partial, isEmpty } = useTileAnswers(
    tile,
    tile.queries.map((query) => askOf({ ...query, limit: query.limit ?? DEFAULT_GROUPS }, scope, undefined)),
    isSeen,
  );
  const several = answered.length > 1;
  const lists = answered.map(({ query, answer }, index) => {
    const [main] = aggregationsOf({ query, answer });
    const filter = joinFilters([scope.filter, query.filter ?? ""]);
    const valueOf = (values: (typeof answer.data)[number]["values"]): number | null => (main === undefined ? null : (values[main] ?? null));
    const whole = main !== undefined && additive.has(main) ? answer.data.reduce((sum, { values }) => sum + (valueOf(values) ?? 0), 0) : 0;
    const items = answer.data.map(({ group, rest, values, n }): BarListItem => {
      const isRest = rest === true;
      const value = valueOf(values);
      return {
        key: isRest ? "rest" : JSON.stringify(group),
        label: groupLabel(group, isRest) === "" ? measureName(query, main ?? "count") : groupLabel(group, isRest),
        value,
        share: whole > 0 && value !== null ? value / whole : undefined,
        note: `n ${formatCount(n)}`,
        link: isRest ? undefined : groupLink(filter, group, scope.window),
        isQuiet: isRest || (Object.keys(group).length > 0 && isUnknown(group)),
      };
    });
    return { key: index, name: main === undefined ? "" : measureName(query, main), unit: answer.unit, items };
  });
  return (
    <Panel
      title={tile.title}
      queries={queries}
      partial={partial}
      empty={isEmpty ? "No data in this window." : undefined}
      minHeight={height}
      traces={tracesLink(joinFilters([scope.filter, several ? "" : (tile.queries[0]?.filter ?? "")]), scope.window)}
      actions={actions}
      className="h-full"
      table={() => ({
        header: ["Group", "Figure", "Value"],
        rows: lists.flatMap(({ name, items }) => items.map(({ label, value }) => [String(label), name, value])),
      })}
    >
      <ScrollRegion label={`${tile.title}, list`} className="focus-inset absolute inset-0 overflow-y-auto">
        {lists.map(({ key, name, unit, items }) => (
          <div key={key}>
            {several ? <p className="px-4 pt-1 text-xs text-ink-3">{name}</p> : null}
            <BarList label={several ? `${tile.title}, ${name}` : tile.title} items={items} format={(value) => formatMetric(value, unit)} />
          </div>
        ))}
      </ScrollRegion>
    </Panel>
  );
}
