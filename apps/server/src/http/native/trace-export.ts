import { BYTE_ORDER_MARK, TelltaleError, csvLine } from "@telltale/model";
import { traceColumns, TraceExport, type TraceColumn } from "@telltale/model/api";
import type { TracePage, TraceQuery, TraceQuestions } from "@telltale/store";
import type { z } from "zod";
import { CSV_TYPE } from "../csv-answer.ts";
import { sendPieces } from "../large-json.ts";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";
import { traceQuery } from "./trace-query.ts";
import { byTrace } from "./wire/by-trace.ts";
import { cellOf, isAboutAssessments } from "./wire/trace-columns.ts";

/** A file reads page after page for minutes: enough at once, and the engine is left to those who look at pages. */
const MAX_AT_ONCE = 4;
const PAGE_ROWS = 500;

export function traceExportRoutes(app: TypedApp, deps: Pick<NativeDeps, "ingest" | "questions">): void {
  let running = 0;
  app.post(
    "/traces/export",
    {
      schema: {
        tags: ["traces"],
        summary: "All traces that match, as CSV (RFC 4180), streamed; the header x-telltale-truncated says whether there are more than limit",
        body: TraceExport,
      },
    },
    async (request, reply) => {
      const { columns = traceColumns, bom, limit, ...search } = request.body;
      const query = { ...traceQuery(request, search), limit: Math.min(limit, PAGE_ROWS) };
      if (running >= MAX_AT_ONCE) throw new TelltaleError("overloaded", `${MAX_AT_ONCE} exports are running already`, { retryAfterS: 10 });
      running += 1;
      // Given back when the answer is over, however it ended.
      reply.raw.once("close", () => (running -= 1));
      await deps.ingest.readable();
      // The first page before the answer begins: what is wrong with the search is still an answer of its own.
      const first = await deps.questions.searchTraces(query, request.signal);
      const isTruncated = first.nextCursor !== null && (await hasMoreThan(limit, query, deps.questions, request.signal));
      reply.header("x-telltale-truncated", String(isTruncated)).header("content-disposition", 'attachment; filename="traces.csv"');
      return sendPieces(request, reply, CSV_TYPE, lines(first, { query, columns, bom, limit }, deps.questions, request.signal));
    },
  );
}

type CsvSearch = Required<Pick<z.output<typeof TraceExport>, "bom" | "limit">> & { query: TraceQuery; columns: readonly TraceColumn[] };

/** Page by page as the receiver takes them: the file is never in memory as a whole. */
async function* lines(
  first: TracePage,
  { query, columns, bom, limit }: CsvSearch,
  questions: Pick<TraceQuestions, "searchTraces" | "assessmentsOf">,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const cells = columns.map(cellOf);
  const needsAssessments = columns.some(isAboutAssessments);
  yield (bom ? BYTE_ORDER_MARK : "") + csvLine(columns);
  let page = first;
  for (let left = limit; ;) {
    const traces = page.traces.slice(0, left);
    const ids = traces.map(({ traceId }) => traceId);
    const assessments = needsAssessments && ids.length > 0 ? byTrace(await questions.assessmentsOf(query.scope, ids, signal)) : undefined;
    yield traces.map((trace) => csvLine(cells.map((cell) => cell(trace, assessments?.get(trace.traceId) ?? [])))).join("");
    left -= traces.length;
    if (page.nextCursor === null || left === 0) return;
    page = await questions.searchTraces({ ...query, limit: Math.min(PAGE_ROWS, left), cursor: page.nextCursor }, signal);
  }
}

/** A count that hit a limit of its own is a lower bound, which is enough when it is above. */
async function hasMoreThan(limit: number, query: TraceQuery, questions: Pick<TraceQuestions, "countTraces">, signal: AbortSignal): Promise<boolean> {
  return limit <= PAGE_ROWS || (await questions.countTraces(query, signal)).count > limit;
}
