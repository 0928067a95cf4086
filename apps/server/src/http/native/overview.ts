import { MoversOut, MoversQuery, ReleasesOut, ReleasesQuery } from "@telltale/model/api";
import { parseFilter } from "@telltale/model/filter";
import { TelltaleError } from "@telltale/model";
import { type MoverMetric, rankMovers } from "../../overview/rank-movers.ts";
import { narrowedScope } from "../scope.ts";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";
import { formatTimestamp, parseTimestamp } from "./wire/timestamp.ts";

const aggregations = { error_rate: "avg", latency_ms: "p95", cost_usd: "sum", trace_count: "count" } as const satisfies Record<MoverMetric, string>;

/** What the Overview says besides metrics: what is new, and what moved. */
export function overviewRoutes(app: TypedApp, deps: Pick<NativeDeps, "ingest" | "questions">): void {
  app.get(
    "/releases",
    {
      schema: {
        tags: ["metrics"],
        summary: "Versions, prompts and models that a project has for the first time, newest first",
        querystring: ReleasesQuery,
        response: { 200: ReleasesOut },
      },
    },
    async (request) => {
      const { limit, project_ids: projectIds } = request.query;
      const window = windowOf(request.query);
      await deps.ingest.readable();
      const { releases, hasMore } = await deps.questions.releases({ scope: narrowedScope(request, projectIds), ...window, limit }, request.signal);
      return {
        data: releases.map((release) => ({
          project_id: release.projectId,
          kind: release.kind,
          value: release.value,
          time: formatTimestamp(release.firstNs),
          trace_id: release.firstTraceId,
          n: release.traces,
          replaces: release.replaces ?? null,
          initial: release.isInitial,
        })),
        has_more: hasMore,
      };
    },
  );

  app.post(
    "/overview/movers",
    {
      schema: {
        tags: ["metrics"],
        summary: "Which routes, versions, models, … moved error rate, p95, cost or traffic most since the period before",
        body: MoversQuery,
        response: { 200: MoversOut },
      },
    },
    async (request) => {
      const { limit, project_ids: projectIds } = request.body;
      const window = windowOf(request.body);
      const text = request.body.filter?.trim() ?? "";
      const filter = text === "" ? undefined : parseFilter(text);
      await deps.ingest.readable();
      const shifts = await deps.questions.shifts({ scope: narrowedScope(request, projectIds), filter, ...window }, request.signal);
      return {
        data: rankMovers(shifts, limit).map((mover) => ({
          metric: mover.metric,
          aggregation: aggregations[mover.metric],
          field: mover.field,
          value: mover.value,
          now: mover.now,
          before: mover.before,
          compared_with: typeof mover.comparedWith === "string" ? mover.comparedWith : ("predecessor" as const),
          predecessor: typeof mover.comparedWith === "string" ? null : mover.comparedWith.predecessor,
          contribution: mover.contribution,
          n: mover.traces,
          n_before: mover.tracesBefore,
        })),
        n: shifts.all.now.traces,
        n_before: shifts.all.before.traces,
        before_from: formatTimestamp(window.fromNs - (window.toNs - window.fromNs)),
      };
    },
  );
}

function windowOf(query: { from: string; to: string }): { fromNs: bigint; toNs: bigint } {
  const fromNs = parseTimestamp(query.from, "from");
  const toNs = parseTimestamp(query.to, "to");
  if (toNs <= fromNs) throw new TelltaleError("bad_request", "from must be earlier than to", { field: "from" });
  return { fromNs, toNs };
}
