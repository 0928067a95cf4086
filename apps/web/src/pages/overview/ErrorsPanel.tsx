import { useQuery } from "@tanstack/react-query";
import { metricsQuery } from "../../api/metrics.ts";
import { BarList, type BarListItem } from "../../components/BarList.tsx";
import { Panel, type PanelTable } from "../../components/Panel.tsx";
import { UNKNOWN } from "../../filter/group-clause.ts";
import { formatMetric } from "../../format/metric.ts";
import { formatCount } from "../../format/number.ts";
import type { Scope } from "../../url/scope.ts";
import { groupLink } from "../../url/traces-link.ts";
import { partialNote } from "./partial-note.ts";

const SHOWN_TYPES = 6;

/** What failed, by type of error: of spans, so that a failure that a retry made good is seen as well. */
export function ErrorsPanel({ scope }: { scope: Scope }) {
  const query = useQuery(
    // One more than shown: spans that did not fail are the group without a type.
    metricsQuery({ ...scope.now, metric: "span_error_rate", aggregations: ["sum"], group_by: ["error_type"], limit: SHOWN_TYPES + 1 }),
  );
  const failed = (query.data?.data ?? []).filter(({ values }) => (values.sum ?? 0) > 0);
  const total = failed.reduce((sum, { values }) => sum + (values.sum ?? 0), 0);
  const items = failed.map(({ group, rest, values }): BarListItem => {
    const type = group["error_type"] ?? "";
    const isRest = rest === true;
    const label = isRest ? "Other types" : type === UNKNOWN ? "No type given" : type;
    const count = values.sum ?? 0;
    const link = isRest || type === UNKNOWN ? undefined : groupLink(scope.filter, { error_type: type });
    return { key: isRest ? "rest" : type, label, value: count, share: count / total, color: "chart-error", isQuiet: isRest || type === UNKNOWN, link };
  });
  const table = (): PanelTable => ({ header: ["Error type", "Failed spans"], rows: items.map(({ label, value }) => [String(label), value]) });
  return (
    <Panel
      title="Errors by type"
      note={`n = ${formatCount(total)} failed spans`}
      queries={[query]}
      partial={partialNote(query.data)}
      empty={items.length === 0 ? "No span failed in this window." : undefined}
      minHeight={208}
      table={table}
    >
      <BarList label="Errors by type" items={items} format={(value) => formatMetric(value, "count")} />
    </Panel>
  );
}
