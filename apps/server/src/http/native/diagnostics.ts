import { DiagnosticsQuery, DiagnosticsSummary } from "@telltale/model/api";
import { diagnostics } from "@telltale/score";
import type { DiagnosticTotal } from "@telltale/store";
import type { ProjectScope } from "@telltale/model";
import { narrowedScope } from "../scope.ts";
import type { TypedApp } from "../typed-routes.ts";
import { parseWindow } from "./wire/timestamp.ts";

export interface DiagnosticsDeps {
  diagnosticTotals: (question: { scope: ProjectScope; fromNs: bigint; toNs: bigint }, signal?: AbortSignal) => Promise<DiagnosticTotal[]>;
}

/** What the diagnostics of agents found, added up. */
export function diagnosticsRoutes(app: TypedApp, deps: DiagnosticsDeps): void {
  app.get(
    "/diagnostics",
    {
      schema: {
        tags: ["diagnostics"],
        summary: "Findings of the agent diagnostics in a window, by diagnostic, agent or tool, with the time and money they wasted",
        querystring: DiagnosticsQuery,
        response: { 200: DiagnosticsSummary },
      },
    },
    async (request) => {
      const { project_id: projectId, group_by: groupBy } = request.query;
      const { fromNs, toNs } = parseWindow(request.query);
      const scope = narrowedScope(request, projectId === undefined ? undefined : [projectId]);
      const totals = await deps.diagnosticTotals({ scope, fromNs, toNs }, request.signal);
      return { data: addedUp(totals, groupBy), diagnostics: diagnostics.map(({ name, summary }) => ({ name, summary })) };
    },
  );
}

function addedUp(totals: readonly DiagnosticTotal[], groupBy: "diagnostic" | "agent" | "tool"): DiagnosticsSummary["data"] {
  const groups = new Map<string, DiagnosticsSummary["data"][number]>();
  for (const total of totals) {
    const key = total[groupBy];
    const before = groups.get(key);
    groups.set(key, {
      value: key === "" ? null : key,
      traces: (before?.traces ?? 0) + total.traces,
      occurrences: (before?.occurrences ?? 0) + total.occurrences,
      wasted_ms: (before?.wasted_ms ?? 0) + total.wastedMs,
      wasted_usd: total.wastedUsd === undefined ? (before?.wasted_usd ?? null) : (before?.wasted_usd ?? 0) + total.wastedUsd,
      unpriced: (before?.unpriced ?? 0) + total.unpriced,
      example_trace_id: before?.example_trace_id ?? total.example,
    });
  }
  return [...groups.values()].toSorted((a, b) => b.traces - a.traces);
}
