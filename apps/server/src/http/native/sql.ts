import { SqlAnswer, SqlQuery, SqlSchemaOut } from "@telltale/model/api";
import { csvLine, type CsvValue, TelltaleError } from "@telltale/model";
import { sqlFunctions, sqlViews } from "@telltale/model/sql";
import { sqlLimits, type SqlQuestion } from "@telltale/store";
import type { FastifyRequest } from "fastify";
import { CSV_TYPE, wantsCsv } from "../csv-answer.ts";
import { sendJsonText, sendPieces } from "../large-json.ts";
import { narrowedScope } from "../scope.ts";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";
import { parseTimestamp } from "./wire/timestamp.ts";

export function sqlRoutes(app: TypedApp, deps: Pick<NativeDeps, "ingest" | "sql" | "now">): void {
  app.post(
    "/sql",
    {
      schema: {
        tags: ["sql"],
        summary: "Run one SELECT over the documented views; `Accept: text/csv` answers CSV, with `x-telltale-truncated`",
        body: SqlQuery,
        response: { 200: SqlAnswer },
      },
    },
    async (request, reply) => {
      const question = questionOf(request, request.body);
      await deps.ingest.readable();
      const startedMs = performance.now();
      const { columns, rows, rowsRead, truncated } = await deps.sql(question, request.signal);
      if (wantsCsv(request)) {
        reply.header("x-telltale-truncated", String(truncated)).header("content-disposition", 'attachment; filename="query.csv"');
        return sendPieces(request, reply, CSV_TYPE, [csvLine(columns.map(({ name }) => name)), rows.map((row) => csvLine(row.map(cell))).join("")]);
      }
      const answer: SqlAnswer = {
        columns,
        rows,
        row_count: rows.length,
        truncated,
        elapsed_ms: Math.round((performance.now() - startedMs) * 10) / 10,
        rows_read: rowsRead,
      };
      return sendJsonText(request, reply.header("vary", "Accept"), JSON.stringify(answer));
    },
  );

  app.get(
    "/sql/schema",
    { schema: { tags: ["sql"], summary: "Views, columns, functions and limits of read-only SQL", response: { 200: SqlSchemaOut } } },
    async () => ({
      views: sqlViews.map((view) => ({ ...view, columns: [...view.columns] })),
      functions: Object.fromEntries(Object.entries(sqlFunctions).map(([group, names]) => [group, [...names]])),
      limits: { rows: sqlLimits.rows, seconds: sqlLimits.seconds, memory_bytes: sqlLimits.memoryBytes, result_bytes: sqlLimits.resultBytes },
    }),
  );
}

function questionOf(request: FastifyRequest, { query, params, project_ids, from, to }: SqlQuery): SqlQuestion {
  const fromNs = from === undefined ? undefined : parseTimestamp(from, "from");
  const toNs = to === undefined ? undefined : parseTimestamp(to, "to");
  if (fromNs !== undefined && toNs !== undefined && fromNs > toNs) throw new TelltaleError("bad_request", "from is later than to", { field: "from" });
  return { scope: narrowedScope(request, project_ids), query, params: params ?? {}, fromNs, toNs };
}

/** Lists and maps as JSON. */
function cell(value: unknown): CsvValue {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : (value as CsvValue);
}
