import type { UseQueryResult } from "@tanstack/react-query";
import type { CostGroup, CostSummary } from "@telltale/model/api";
import { useMemo } from "react";
import { DataTable, type DataColumn } from "../../components/table/DataTable.tsx";
import { formatMetric, formatShare } from "../../format/metric.ts";
import { formatCount } from "../../format/number.ts";
import type { Scope } from "../../url/scope.ts";
import { groupLink } from "../../url/traces-link.ts";
import { dimensionLabel } from "./cost-search.ts";

/** The groups as a table: money, share, tokens by class, cache hits, and how much has no price. */
export function CostGroups({ summary, scope, by }: { summary: UseQueryResult<CostSummary>; scope: Scope; by: string }) {
  const { data, error } = summary;
  const columns = useMemo(() => columnsOf(by, data?.of === "spans" ? "calls" : "traces"), [by, data?.of]);
  return (
    <DataTable
      label={`Cost by ${dimensionLabel(by).toLowerCase()}`}
      columns={columns}
      rows={data?.groups}
      rowKey={(group) => group.value ?? "\u0000rest"}
      rowLink={(group) => (group.value === null ? undefined : groupLink(scope.filter, { [by]: group.value }))}
      initialSort={{ id: "cost", desc: true }}
      error={error}
      onRetry={() => void summary.refetch()}
      empty="No trace in this window."
      height={420}
      storageKey="cost-groups"
      toolbar={<h2 className="text-sm font-semibold text-ink">{`By ${dimensionLabel(by).toLowerCase()}`}</h2>}
    />
  );
}

function columnsOf(by: string, of: string): DataColumn<CostGroup>[] {
  const tokens = (id: keyof CostGroup["tokens"], header: string, isHidden = false): DataColumn<CostGroup> => ({
    id,
    header,
    value: (group) => group.tokens[id],
    cell: (group) => formatMetric(group.tokens[id], "tokens"),
    align: "right",
    width: 100,
    isHidden,
  });
  return [
    {
      id: "value",
      header: dimensionLabel(by),
      value: (group) => group.value ?? "all others",
      cell: (group) => <GroupName value={group.value} />,
      minWidth: 180,
    },
    { id: "cost", header: "Cost", value: (group) => group.cost_usd, cell: costText, align: "right", width: 100 }, // prettier-ignore
    { id: "share", header: "Share", value: (group) => group.share, cell: (group) => share(group.share), align: "right", width: 80, hint: "Of the known cost of the window" }, // prettier-ignore
    { id: "n", header: of === "calls" ? "Calls" : "Traces", value: (group) => group.n + group.n_missing, cell: (group) => formatCount(group.n + group.n_missing), align: "right", width: 90 }, // prettier-ignore
    { id: "each", header: of === "calls" ? "Per call" : "Per trace", value: (group) => group.cost_per_n_usd, cell: (group) => formatMetric(group.cost_per_n_usd, "usd"), align: "right", width: 100, hint: "Of those with a known cost" }, // prettier-ignore
    tokens("input", "Input"),
    tokens("cached", "Cached"),
    tokens("cache_write", "Cache write", true),
    tokens("output", "Output"),
    tokens("reasoning", "Reasoning", true),
    { id: "hits", header: "Cache hits", value: (group) => group.cache_hit_rate, cell: (group) => share(group.cache_hit_rate), align: "right", width: 96, hint: "Cached tokens of all input tokens" }, // prettier-ignore
    { id: "unpriced", header: "No cost", value: (group) => missing(group), cell: (group) => share(missing(group)), align: "right", width: 90, hint: `${of === "calls" ? "Calls" : "Traces"} without a known cost` }, // prettier-ignore
  ];
}

function GroupName({ value }: { value: string | null }) {
  if (value === null) return <span className="text-ink-3">all others</span>;
  return value === "unknown" ? <span className="text-ink-3">not known</span> : value;
}

/** Calls that report no tokens cost nothing that is known of, and nothing unknown either. */
function costText(group: CostGroup): string {
  if (group.cost_usd !== null) return formatMetric(group.cost_usd, "usd");
  return group.tokens.input === null && group.tokens.output === null ? "–" : "unknown";
}

function missing(group: CostGroup): number | null {
  const all = group.n + group.n_missing;
  return all === 0 ? null : group.n_missing / all;
}

function share(value: number | null): string {
  return value === null ? "–" : formatShare(value);
}
