import { IngestHealth, ServerInfo } from "@telltale/model/api";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";

export function ingestHealthRoutes(app: TypedApp, deps: Pick<NativeDeps, "problems" | "storeHealth" | "serverInfo">): void {
  app.get(
    "/ingest/health",
    { schema: { tags: ["server"], summary: "What arrived, what was refused and why, since the process started", response: { 200: IngestHealth } } },
    async () => {
      const { journal, engine, disk, taken, duplicates, lateSpans } = await deps.storeHealth();
      const { totals } = deps.problems;
      return {
        since: new Date(deps.problems.sinceMs).toISOString(),
        totals: {
          requests: totals.requests,
          spans: taken.spans,
          logs: taken.logs,
          metric_points: taken.metricPoints,
          rejected_requests: totals.rejectedRequests,
          rejected_spans: totals.rejectedSpans,
          refused_overload: totals.refusedOverload,
          duplicates,
          late_spans: lateSpans,
        },
        journal,
        engine,
        disk,
        problems: deps.problems.problems(),
        clients: deps.problems.clients(),
      };
    },
  );

  app.get("/server", { schema: { tags: ["server"], summary: "This server: version, addresses, demo", response: { 200: ServerInfo } } }, async () =>
    deps.serverInfo(),
  );
}
