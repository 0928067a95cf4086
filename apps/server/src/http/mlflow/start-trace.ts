import type { Trace, TraceInfo } from "@telltale/model";
import { z } from "zod";
import type { FastifyRequest } from "fastify";
import type { Command } from "../../pipeline/ingest.ts";
import { activeExperimentOf, parseRequestId } from "./access.ts";
import { AssessmentIn, newAssessment } from "./assessment-json.ts";
import type { MlflowDeps } from "./deps.ts";
import { invalidParameter } from "./errors.ts";
import { linkedPrompts } from "./linked-prompts.ts";
import { jsonBody, maybe, parseRequest, RequiredText, StringMap } from "./request.ts";
import { RecentIds } from "./recent-ids.ts";
import type { MlflowRoute } from "./route-table.ts";
import { durationMs, timestampMs } from "./timestamp.ts";
import { isServerTag, traceInfoJson } from "./trace-info.ts";
import { unknownTrace, withInfo } from "./trace-with-info.ts";

const StartTraceV3 = z.object({
  trace: z.object({
    trace_info: z.object({
      trace_id: RequiredText,
      client_request_id: maybe(z.string()),
      trace_location: z.object({ type: maybe(z.string()), mlflow_experiment: z.object({ experiment_id: RequiredText }) }),
      request_time: maybe(z.string()),
      execution_duration: maybe(z.string()),
      state: maybe(z.enum(["STATE_UNSPECIFIED", "OK", "ERROR", "IN_PROGRESS"])),
      trace_metadata: maybe(StringMap),
      tags: maybe(StringMap),
      request_preview: maybe(z.string()),
      response_preview: maybe(z.string()),
      assessments: maybe(z.array(AssessmentIn).max(1000)),
    }),
  }),
});
type TraceInfoIn = z.output<typeof StartTraceV3>["trace"]["trace_info"];

/** How many ids of traces just written are remembered; older ones have reached the store long ago. */
const RECENT_IDS = 10_000;

/** `POST 3.0/mlflow/traces`: what the client knows of a trace, sent when it ended, before or after its spans. */
export function startTraceRoutes(deps: MlflowDeps): MlflowRoute[] {
  const recent = new RecentIds(RECENT_IDS);
  return [{ method: "POST", path: "3.0/mlflow/traces", handle: (request) => startTrace(deps, recent, request) }];
}

async function startTrace(deps: MlflowDeps, recent: RecentIds, request: FastifyRequest): Promise<unknown> {
  const sent = parseRequest(StartTraceV3, jsonBody(request)).trace.trace_info;
  const projectId = sent.trace_location.mlflow_experiment.experiment_id;
  const traceId = parseRequestId(sent.trace_id);
  await activeExperimentOf(deps, request, projectId);
  const known = await knownTrace(deps, recent, traceId);
  if (known !== undefined && known.projectId !== projectId) {
    throw invalidParameter(`Trace with ID '${sent.trace_id}' already exists in experiment ${known.projectId}; it cannot be moved to ${projectId}.`);
  }
  const info = traceInfoOf(sent);
  const assessments = (sent.assessments ?? []).map((assessment) =>
    newAssessment(assessment, { projectId, traceId, assessmentId: assessment.assessment_id ?? `a-${deps.newHex()}`, nowMs: deps.now() }),
  );
  const commands: Command[] = [
    { type: "trace_info", projectId, traceId, info },
    ...assessments.map((assessment): Command => ({ type: "assessment", assessment })),
  ];
  await deps.ingest.apply(commands);
  recent.add(traceId);
  const stored = known === undefined ? [] : await deps.traces.assessmentsOf({ projectIds: [projectId] }, [traceId]);
  const all = [...new Map([...stored, ...assessments].map((assessment) => [assessment.assessmentId, assessment])).values()];
  return { trace: { trace_info: traceInfoJson(withInfo(known ?? unknownTrace(projectId, traceId, deps.now()), info), all) } };
}

/**
 * The trace as far as the store has it. Waiting for spans acknowledged a moment ago would hold up the client's export
 * queue, and their facts are not part of the reply; only for what a client itself said before do we wait.
 */
async function knownTrace(deps: MlflowDeps, recent: RecentIds, traceId: string): Promise<Trace | undefined> {
  if (recent.has(traceId)) await deps.ingest.readable([traceId]);
  else if (deps.ingest.mayKnow?.(traceId) === false) return undefined;
  const [trace] = await deps.traces.findTraces({ projectIds: "all" }, [traceId]);
  return trace;
}

function traceInfoOf(sent: TraceInfoIn): TraceInfo {
  const requestTimeMs = timestampMs(sent.request_time, "trace.trace_info.request_time");
  const executionDurationMs = durationMs(sent.execution_duration, "trace.trace_info.execution_duration");
  const metadata = new Map(sent.trace_metadata);
  metadata.set("mlflow.trace.infoFinalized", "true");
  const sourceRun = metadata.get("mlflow.sourceRun");
  return {
    requestId: sent.trace_id,
    ...(sent.client_request_id === undefined ? {} : { clientRequestId: sent.client_request_id }),
    ...(requestTimeMs === undefined ? {} : { requestTimeMs }),
    ...(executionDurationMs === undefined ? {} : { executionDurationMs }),
    ...(sent.state === undefined ? {} : { state: sent.state }),
    ...(sent.request_preview === undefined ? {} : { requestPreview: sent.request_preview }),
    ...(sent.response_preview === undefined ? {} : { responsePreview: sent.response_preview }),
    metadata,
    tags: new Map([...(sent.tags ?? [])].filter(([key]) => !isServerTag(key))),
    deletedTags: [],
    runIds: sourceRun === undefined || sourceRun === "" ? [] : [sourceRun],
    prompts: linkedPrompts(sent.tags?.get("mlflow.linkedPrompts")),
  };
}
