import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { DiagnosticsSummary } from "@telltale/model/api";
import { useState } from "react";
import { diagnosticsQuery } from "../../api/diagnostics.ts";
import { Cost } from "../../components/Cost.tsx";
import { Panel } from "../../components/Panel.tsx";
import { formatCount, formatDuration } from "../../format/number.ts";
import type { Scope } from "../../url/scope.ts";
import { diagnosticTitle } from "../trace/finding-text.ts";
import { diagnosticsLink, type DiagnosticsGroup } from "./diagnostics-link.ts";

const groups: readonly (readonly [DiagnosticsGroup, string])[] = [
  ["diagnostic", "by diagnostic"],
  ["agent", "by agent"],
  ["tool", "by tool"],
];

/** What agents did wrong in the window, and what that wasted. */
export function DiagnosticsPanel({ scope }: { scope: Scope }) {
  const [groupBy, setGroupBy] = useState<DiagnosticsGroup>("diagnostic");
  const { from, to } = scope.window;
  const query = useQuery(diagnosticsQuery({ from, to, group_by: groupBy, project: scope.project }));
  const rows = query.data?.data;
  return (
    <Panel
      title="Agent diagnostics"
      note="every trace with agents or tools; asks no model"
      queries={[query]}
      empty={rows?.length === 0 ? "Nothing was found: no loops, no needless retries, no unknown tools in this window." : undefined}
      minHeight={200}
      actions={
        <select
          aria-label="Add up"
          value={groupBy}
          onChange={(event) => setGroupBy(event.target.value as DiagnosticsGroup)}
          className="h-[26px] rounded-md border border-line-strong bg-surface px-1.5 text-xs"
        >
          {groups.map(([key, label]) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </select>
      }
      table={() => ({
        header: [groupBy, "Traces", "Occurrences", "Wasted ms", "Wasted USD", "Unpriced"],
        rows: (rows ?? []).map((row) => [row.value ?? "none", row.traces, row.occurrences, row.wasted_ms, row.wasted_usd, row.unpriced]),
      })}
    >
      <div tabIndex={0} role="region" aria-label="Findings" className="focus-inset overflow-x-auto">
        <table className="num w-full min-w-[34rem] text-sm">
          <thead className="text-xs text-ink-3">
            <tr className="border-b border-line">
              <th scope="col" className="px-4 py-1.5 text-left font-normal capitalize">
                {groupBy}
              </th>
              {["Traces", "Times", "Time wasted", "Money wasted"].map((name) => (
                <th key={name} scope="col" className="px-4 py-1.5 text-right font-normal whitespace-nowrap">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(rows ?? []).map((row) => (
              <Row key={row.value ?? ""} row={row} groupBy={groupBy} summary={query.data?.diagnostics.find(({ name }) => name === row.value)?.summary} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Row({ row, groupBy, summary }: { row: DiagnosticsSummary["data"][number]; groupBy: DiagnosticsGroup; summary: string | undefined }) {
  const link = diagnosticsLink(groupBy, row.value);
  const name = row.value === null ? `no ${groupBy} named` : groupBy === "diagnostic" ? diagnosticTitle(row.value) : row.value;
  return (
    <tr className="border-b border-line/60 last:border-0 hover:bg-hover">
      <th scope="row" className="px-4 py-1.5 text-left font-normal">
        {link === undefined ? (
          <Link to="/traces/$traceId" params={{ traceId: row.example_trace_id }} title="An example" className="text-ink-2 hover:underline">
            {name}
          </Link>
        ) : (
          <Link {...link} title="Open the traces" className="font-medium hover:underline">
            {name}
          </Link>
        )}
        {summary === undefined ? null : <span className="ml-2 text-xs text-ink-3 max-lg:hidden">{summary}</span>}
      </th>
      <td className="px-4 py-1.5 text-right">{formatCount(row.traces)}</td>
      <td className="px-4 py-1.5 text-right">{formatCount(row.occurrences)}</td>
      <td className="px-4 py-1.5 text-right whitespace-nowrap">{row.wasted_ms > 0 ? formatDuration(row.wasted_ms) : "–"}</td>
      <td className="px-4 py-1.5 text-right">
        <Cost usd={row.wasted_usd} unpriced={row.unpriced} hasCalls />
      </td>
    </tr>
  );
}
