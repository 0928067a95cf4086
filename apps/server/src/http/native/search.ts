import { TracePageOut, TraceSearch } from "@telltale/model/api";
import { sendJsonText } from "../large-json.ts";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";
import { traceQuery } from "./trace-query.ts";
import { toTraceSummaries } from "./wire/trace-summary.ts";

export function searchRoutes(app: TypedApp, deps: Pick<NativeDeps, "ingest" | "questions">): void {
  app.post(
    "/traces/search",
    {
      schema: {
        tags: ["traces"],
        summary: "Traces, newest first unless order_by says else, with count and facets on request",
        body: TraceSearch,
        response: { 200: TracePageOut },
      },
    },
    async (request, reply) => {
      const query = traceQuery(request, request.body);
      await deps.ingest.readable();
      return sendJsonText(request, reply, JSON.stringify(await search(query, request.body, deps, request.signal)));
    },
  );
}

async function search(
  query: ReturnType<typeof traceQuery>,
  { include }: TraceSearch,
  { questions }: Pick<NativeDeps, "questions">,
  signal: AbortSignal,
): Promise<TracePageOut> {
  const [page, counted, faceted] = await Promise.all([
    questions.searchTraces(query, signal),
    include?.includes("count") === true ? questions.countTraces(query, signal) : undefined,
    include?.includes("facets") === true ? questions.facets(query, signal) : undefined,
  ]);
  const assessments =
    page.traces.length === 0
      ? []
      : await questions.assessmentsOf(
          query.scope,
          page.traces.map((trace) => trace.traceId),
          signal,
        );
  return {
    data: toTraceSummaries(page.traces, assessments),
    next_cursor: page.nextCursor,
    ...(counted === undefined ? {} : { count: counted.count }),
    ...(faceted === undefined ? {} : { facets: faceted.facets }),
    ...(counted === undefined && faceted === undefined ? {} : { partial: counted?.partial === true || faceted?.partial === true }),
  };
}
