import { TelltaleError, type Assessment, type RawLog, type Trace } from "@telltale/model";
import { SpanDetail, TraceColumns, TraceDetail } from "@telltale/model/api";
import { DIAGNOSTICS_SOURCE, findingIn } from "@telltale/score";
import type { SpanPayload, StoredSpan, TraceQuestions } from "@telltale/store";
import { z } from "zod";
import { type JsonPieces, sendJsonPieces, sendJsonText } from "../large-json.ts";
import { spansWithContent } from "../spans-with-content.ts";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";
import { findTrace, scopeOfTrace } from "./find-trace.ts";
import { toAssessmentOut } from "./wire/assessment-out.ts";
import { toFindingOut } from "./wire/finding-out.ts";
import { spanDetailJson } from "./wire/span-detail.ts";
import { skeletonTexts } from "./wire/skeleton-texts.ts";
import { toSpanSkeleton } from "./wire/span-skeleton.ts";
import { toTraceSummary } from "./wire/trace-summary.ts";

const TraceParams = z.object({ id: z.string().max(250) });
const SpanParams = TraceParams.extend({ span_id: z.string().max(100) });
const Flag = z.enum(["true", "false"]).default("false");
/** `columns`: spans as `SpanColumns`, what a page draws 50,000 of them from. */
const DetailQuery = z.object({ payloads: Flag, columns: Flag }).refine(({ payloads, columns }) => payloads === "false" || columns === "false", {
  path: ["columns"],
  message: "columns hold no payloads: ask for one of them",
});

/** From here on columns are read faster than rows, although they are planned longer. */
const LARGE_FROM_SPANS = 2000;
/** Up to here everything is read at once. */
const SMALL_UP_TO_SPANS = 50;

type DetailDeps = Pick<NativeDeps, "ingest" | "questions" | "readSpan">;

export function traceDetailRoutes(app: TypedApp, deps: DetailDeps): void {
  app.get(
    "/traces/:id",
    {
      schema: {
        tags: ["traces"],
        summary: "A trace: header, span skeletons, assessments; ?payloads=true for whole spans, ?columns=true for spans as columns",
        params: TraceParams,
        querystring: DetailQuery,
        response: { 200: z.union([TraceDetail, TraceColumns]) },
      },
    },
    async (request, reply) => {
      const trace = await findTrace(request, request.params.id, deps);
      const scope = scopeOfTrace(trace);
      const [pieces, assessments] = await Promise.all([
        spanPieces(deps, trace, request.query, request.signal),
        deps.questions.assessmentsOf(scope, [trace.traceId], request.signal),
      ]);
      return sendJsonPieces(request, reply, traceDetail(trace, assessments, pieces));
    },
  );

  app.get(
    "/traces/:id/spans/:span_id",
    {
      schema: {
        tags: ["traces"],
        summary: "One span whole: content, attributes normalised and raw, events, logs",
        params: SpanParams,
        response: { 200: SpanDetail },
      },
    },
    async (request, reply) => {
      const trace = await findTrace(request, request.params.id, deps);
      const spanId = request.params.span_id.toLowerCase();
      const scope = scopeOfTrace(trace);
      const [spans, payloads, logs] = await Promise.all([
        deps.questions.spansOf(scope, trace.traceId, request.signal, { spanIds: [spanId] }),
        deps.questions.payloadsOf(scope, trace.traceId, [spanId], request.signal),
        logsBySpan(deps.questions, trace, request.signal),
      ]);
      if (spans.length === 0) throw new TelltaleError("span_not_found", `Trace ${trace.traceId} has no span with id ${spanId}`);
      return sendJsonText(request, reply, spanTexts(deps, spans, byId(payloads), logs).join());
    },
  );
}

/** `spans`: its key and its value, in pieces. */
async function* traceDetail(trace: Trace, assessments: readonly Assessment[], spans: JsonPieces): AsyncGenerator<string | Uint8Array> {
  yield `{"trace":${JSON.stringify(toTraceSummary(trace, assessments))},`;
  yield* spans;
  const findings = assessments.flatMap((assessment) => findingIn(assessment) ?? []);
  const others = assessments.filter((assessment) => assessment.sourceId !== DIAGNOSTICS_SOURCE);
  yield `,"assessments":${JSON.stringify(others.map(toAssessmentOut))},"diagnostics":${JSON.stringify(findings.map(toFindingOut))}}`;
}

/** The spans in the form that was asked for: their key and its value. */
async function spanPieces(deps: DetailDeps, trace: Trace, { payloads, columns }: z.infer<typeof DetailQuery>, signal: AbortSignal): Promise<JsonPieces> {
  const scope = scopeOfTrace(trace);
  if (columns === "true") return ['"columns":', await deps.questions.spanColumnsOf(scope, trace.traceId, signal)];
  if (payloads === "true") return inBrackets(await wholeSpans(deps, trace, signal));
  if (isLarge(trace)) return inBrackets(skeletonTexts(await deps.questions.skeletonColumnsOf(scope, trace.traceId, signal)));
  const spans = await deps.questions.spansOf(scope, trace.traceId, signal, { isSkeleton: true });
  return inBrackets([spans.map((span) => JSON.stringify(toSpanSkeleton(span))).join(",")]);
}

function isLarge(trace: Trace): boolean {
  return trace.spanCount > LARGE_FROM_SPANS;
}

async function* inBrackets(spans: JsonPieces): AsyncGenerator<string | Uint8Array> {
  yield '"spans":[';
  yield* spans;
  yield "]";
}

/** Everything of a trace as people have them at once; of a large one the content piece by piece, while it is sent. */
async function wholeSpans(deps: DetailDeps, trace: Trace, signal: AbortSignal): Promise<AsyncIterable<string> | string[]> {
  const scope = scopeOfTrace(trace);
  if (trace.spanCount > SMALL_UP_TO_SPANS) {
    const spans = await deps.questions.spansOf(scope, trace.traceId, signal, { isLarge: isLarge(trace) });
    return inOneArray(wholeSpanTexts(deps, trace, spans, signal));
  }
  const [spans, payloads, logs] = await Promise.all([
    deps.questions.spansOf(scope, trace.traceId, signal),
    deps.questions.payloadsOf(scope, trace.traceId, undefined, signal),
    logsBySpan(deps.questions, trace, signal),
  ]);
  return [spanTexts(deps, spans, byId(payloads), logs).join(",")];
}

async function* inOneArray(pieces: AsyncIterable<string[]>): AsyncGenerator<string> {
  let separator = "";
  for await (const texts of pieces) {
    yield separator + texts.join(",");
    separator = ",";
  }
}

/** Whole spans as JSON, some at a time. */
async function* wholeSpanTexts(
  deps: Pick<DetailDeps, "questions" | "readSpan">,
  trace: Trace,
  all: readonly StoredSpan[],
  signal: AbortSignal,
): AsyncGenerator<string[]> {
  const logs = await logsBySpan(deps.questions, trace, signal);
  for await (const { spans, payloads } of spansWithContent(deps.questions, scopeOfTrace(trace), trace.traceId, all, signal))
    yield spanTexts(deps, spans, payloads, logs);
}

async function logsBySpan(questions: TraceQuestions, trace: Trace, signal: AbortSignal): Promise<Map<string, RawLog[]>> {
  const bySpan = new Map<string, RawLog[]>();
  for (const log of await questions.logsOf(scopeOfTrace(trace), trace.traceId, signal)) {
    const known = bySpan.get(log.spanId);
    if (known === undefined) bySpan.set(log.spanId, [log]);
    else known.push(log);
  }
  return bySpan;
}

function byId(payloads: readonly SpanPayload[]): ReadonlyMap<string, SpanPayload> {
  return new Map(payloads.map((payload) => [payload.spanId, payload]));
}

function spanTexts(
  deps: Pick<DetailDeps, "readSpan">,
  spans: readonly StoredSpan[],
  payloads: ReadonlyMap<string, SpanPayload>,
  logs: ReadonlyMap<string, RawLog[]>,
): string[] {
  return spans.map((span) => {
    const payload = payloads.get(span.spanId);
    const ownLogs = logs.get(span.spanId) ?? [];
    return spanDetailJson(span, payload, payload === undefined ? undefined : deps.readSpan(span, payload, ownLogs), ownLogs);
  });
}
