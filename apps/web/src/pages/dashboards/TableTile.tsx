import { PartialNote } from "../../components/PanelState.tsx";
import { DataTable, type DataColumn } from "../../components/table/DataTable.tsx";
import { formatMetric } from "../../format/metric.ts";
import { groupLink } from "../../url/traces-link.ts";
import { askOf, joinFilters, useTileScope } from "./dashboard-scope.ts";
import { groupLabels } from "./metric-labels.ts";
import { rowsOf, type FigureRow } from "./tile-figures.ts";
import type { TileProps } from "./TileView.tsx";
import { useTileAnswers } from "./use-tile-answers.ts";

/** Enough that a group which leads in one figure is not among "all others" of the next. */
const DEFAULT_GROUPS = 200;

/** Groups as rows, the figures of all queries as columns. */
export function TableTile({ tile, isSeen, actions }: TileProps) {
  const scope = useTileScope(tile.time);
  const { queries, answered, partial, isEmpty } = useTileAnswers(
    tile,
    tile.queries.map((query) => askOf({ ...query, limit: query.limit ?? DEFAULT_GROUPS }, scope, undefined)),
    isSeen,
  );
  const isWhole = answered.length === tile.queries.length;
  const failed = queries.find(({ error, data }) => error !== null && data === undefined);
  const { columns, rows } = rowsOf(answered);
  // Known before any answer is: the head of the table stands while it loads.
  const fields = [...new Set(tile.queries.flatMap(({ group_by = [] }) => group_by))];
  const filter = joinFilters([scope.filter, tile.queries[0]?.filter ?? ""]);
  return (
    <section aria-label={tile.title} className="flex h-full min-w-0 flex-col">
      <DataTable<FigureRow>
        label={tile.title}
        height="fill"
        columns={[
          ...(fields.length === 0 ? [{ id: "all", header: "Group", value: () => "All", minWidth: 80 }] : fields.map(groupColumn)),
          ...columns.map(({ id, label, unit }): DataColumn<FigureRow> => ({
            id,
            header: label,
            align: "right",
            minWidth: 90,
            value: ({ values }) => values[id] ?? null,
            cell: ({ values }) => formatMetric(values[id], unit),
          })),
        ]}
        rows={isWhole ? (isEmpty ? [] : rows) : undefined}
        rowKey={({ key }) => key}
        rowLink={({ group, isRest }) => (isRest || fields.length === 0 ? undefined : groupLink(filter, group, scope.window))}
        error={failed?.error ?? null}
        onRetry={() => {
          for (const query of queries) if (query.error !== null) query.refetch();
        }}
        empty="No data in this window."
        toolbar={
          <>
            <h2 className="min-w-0 truncate text-sm font-semibold text-ink">{tile.title}</h2>
            <span className="ml-auto flex shrink-0 items-center gap-1">
              {partial === undefined ? null : <PartialNote>{partial}</PartialNote>}
              {actions}
            </span>
          </>
        }
      />
    </section>
  );
}

function groupColumn(field: string): DataColumn<FigureRow> {
  return {
    id: `group-${field}`,
    header: groupLabels[field] ?? field,
    minWidth: 120,
    value: ({ group, isRest }) => (isRest ? "All others" : (group[field] ?? null)),
  };
}
