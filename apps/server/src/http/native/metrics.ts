import type { ProjectScope } from "@telltale/model";
import { MetricsAnswer, MetricsQuery } from "@telltale/model/api";
import { parseFilter } from "@telltale/model/filter";
import type { MetricsQuestion, TraceQuestions } from "@telltale/store";
import { z } from "zod";
import { CSV_TYPE, wantsCsv } from "../csv-answer.ts";
import { sendPieces } from "../large-json.ts";
import { narrowedScope } from "../scope.ts";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";
import { metricsCsv } from "./wire/metrics-csv.ts";
import { formatTimestamp, parseTimestamp } from "./wire/timestamp.ts";

/** A byte order mark in front of CSV, for spreadsheets that take it for Latin-1 otherwise. */
const CsvQuery = z.object({ bom: z.enum(["true", "false"]).default("false") });

export function metricsRoutes(app: TypedApp, deps: Pick<NativeDeps, "ingest" | "questions">): void {
  app.post(
    "/metrics/query",
    {
      schema: {
        tags: ["metrics"],
        summary: "One metric over a window: by groups, by steps of a time zone's calendar, of the traces that match a filter",
        description: "JSON, or CSV with `Accept: text/csv`; the header x-telltale-partial then says whether a limit was hit",
        querystring: CsvQuery,
        body: MetricsQuery,
        response: { 200: MetricsAnswer },
      },
    },
    async (request, reply) => {
      const question = metricsQuestion(narrowedScope(request, request.body.project_ids), request.body);
      await deps.ingest.readable();
      const answer = await answerMetrics(deps.questions, request.body.metric, question, request.signal);
      if (!wantsCsv(request)) return reply.header("vary", "Accept").send(answer);
      reply.header("x-telltale-partial", String(answer.partial)).header("content-disposition", `attachment; filename="${answer.metric}.csv"`);
      return sendPieces(request, reply, CSV_TYPE, [metricsCsv(answer, question.groupBy ?? [], { bom: request.query.bom === "true" })]);
    },
  );
}

/** What a query asks of the store. Throws `filter_invalid` with the column, `bad_request` for times. */
export function metricsQuestion(scope: ProjectScope, query: MetricsQuery): MetricsQuestion {
  const filter = query.filter?.trim() ?? "";
  return {
    scope,
    metric: query.metric,
    aggregations: query.aggregations,
    groupBy: query.group_by,
    interval: query.interval,
    timeZone: query.time_zone,
    filter: filter === "" ? undefined : parseFilter(filter),
    fromNs: parseTimestamp(query.from, "from"),
    toNs: parseTimestamp(query.to, "to"),
    limit: query.limit,
    orderBy: query.order_by,
  };
}

/** Asks, and writes the answer as the API has it. */
export async function answerMetrics(
  questions: Pick<TraceQuestions, "queryMetrics">,
  metric: MetricsQuery["metric"],
  question: MetricsQuestion,
  signal?: AbortSignal,
): Promise<MetricsAnswer> {
  const { unit, of, points, partial, readFromNs } = await questions.queryMetrics(question, signal);
  return {
    metric,
    unit,
    of,
    data: points.map(({ timeNs, group, isRest, values, n, nMissing }) => ({
      time: timeNs === undefined ? null : formatTimestamp(timeNs),
      group,
      ...(isRest ? { rest: true } : {}),
      values,
      n,
      n_missing: nMissing,
    })),
    partial,
    read_from: formatTimestamp(readFromNs),
  };
}
