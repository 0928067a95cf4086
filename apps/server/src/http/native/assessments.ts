import { randomUUID } from "node:crypto";
import { TelltaleError, type Assessment, type Trace } from "@telltale/model";
import { AssessmentOut, AssessmentPatch, NewAssessment } from "@telltale/model/api";
import { z } from "zod";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";
import { doubleJson } from "./double-json.ts";
import { findTrace, scopeOfTrace } from "./find-trace.ts";
import { toAssessmentOut } from "./wire/assessment-out.ts";

const TraceParams = z.object({ id: z.string().max(250) });
const AssessmentParams = TraceParams.extend({ assessment_id: z.string().max(100) });
const AssessmentList = z.object({ data: z.array(AssessmentOut), next_cursor: z.null() });
/** A value is an answer to a question, not a document. */
const MAX_VALUE_CHARACTERS = 100_000;

export function assessmentRoutes(app: TypedApp, deps: Pick<NativeDeps, "ingest" | "questions" | "now">): void {
  const find = async (trace: Trace, assessmentId: string): Promise<Assessment> => {
    const assessment = await deps.questions.findAssessment(scopeOfTrace(trace), trace.traceId, assessmentId);
    if (assessment === undefined) throw new TelltaleError("assessment_not_found", `Trace ${trace.traceId} has no assessment with id ${assessmentId}`);
    return assessment;
  };

  app.get(
    "/traces/:id/assessments",
    {
      schema: { tags: ["assessments"], summary: "Feedback and expectations of a trace and its spans", params: TraceParams, response: { 200: AssessmentList } },
    },
    async (request) => {
      const trace = await findTrace(request, request.params.id, deps);
      const assessments = await deps.questions.assessmentsOf(scopeOfTrace(trace), [trace.traceId], request.signal);
      return { data: assessments.map(toAssessmentOut), next_cursor: null };
    },
  );

  app.post(
    "/traces/:id/assessments",
    {
      schema: { tags: ["assessments"], summary: "Add feedback or an expectation", params: TraceParams, body: NewAssessment, response: { 201: AssessmentOut } },
    },
    async (request, reply) => {
      const trace = await findTrace(request, request.params.id, deps);
      const assessment = newAssessment(trace, request.body, deps.now());
      await deps.ingest.apply([{ type: "assessment", assessment }]);
      return reply.code(201).send(toAssessmentOut(assessment));
    },
  );

  app.patch(
    "/traces/:id/assessments/:assessment_id",
    { schema: { tags: ["assessments"], summary: "Change an assessment", params: AssessmentParams, body: AssessmentPatch, response: { 200: AssessmentOut } } },
    async (request) => {
      const trace = await findTrace(request, request.params.id, deps);
      const assessment = patched(await find(trace, request.params.assessment_id), request.body, deps.now());
      await deps.ingest.apply([{ type: "assessment", assessment }]);
      return toAssessmentOut(assessment);
    },
  );

  app.delete(
    "/traces/:id/assessments/:assessment_id",
    {
      schema: {
        tags: ["assessments"],
        summary: "Delete an assessment; one that it overrode is valid again",
        params: AssessmentParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const trace = await findTrace(request, request.params.id, deps);
      const { assessmentId, overrides } = await find(trace, request.params.assessment_id);
      const overridden = overrides === undefined ? undefined : await deps.questions.findAssessment(scopeOfTrace(trace), trace.traceId, overrides);
      await deps.ingest.apply([
        { type: "assessment_delete", projectId: trace.projectId, traceId: trace.traceId, assessmentId },
        ...(overridden === undefined ? [] : [{ type: "assessment" as const, assessment: { ...overridden, valid: true, updatedMs: deps.now() } }]),
      ]);
      return reply.code(204).send(null);
    },
  );
}

function newAssessment(trace: Trace, input: z.output<typeof NewAssessment>, nowMs: number): Assessment {
  if (input.value === undefined && input.error === undefined)
    throw new TelltaleError("bad_request", "An assessment needs a value, or an error that says why there is none", { field: "body.value" });
  return {
    projectId: trace.projectId,
    traceId: trace.traceId,
    spanId: input.span_id ?? "",
    assessmentId: `a-${randomUUID().replaceAll("-", "")}`,
    name: input.name,
    kind: input.kind,
    valueJson: valueJson(input.value),
    error: input.error,
    sourceType: input.source.type,
    sourceId: input.source.id,
    rationale: input.rationale,
    metadata: new Map(Object.entries(input.metadata ?? {})),
    overrides: undefined,
    valid: true,
    createdMs: nowMs,
    updatedMs: nowMs,
  };
}

/** Metadata is merged; a value replaces an error and the other way round does not occur. */
function patched(before: Assessment, patch: z.output<typeof AssessmentPatch>, nowMs: number): Assessment {
  return {
    ...before,
    name: patch.name ?? before.name,
    valueJson: patch.value === undefined ? before.valueJson : valueJson(patch.value),
    error: patch.value === undefined ? before.error : undefined,
    rationale: patch.rationale === undefined ? before.rationale : (patch.rationale ?? undefined),
    metadata: new Map([...before.metadata, ...Object.entries(patch.metadata ?? {})]),
    valid: patch.valid ?? before.valid,
    updatedMs: nowMs,
  };
}

function valueJson(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = doubleJson(value);
  if (text.length > MAX_VALUE_CHARACTERS)
    throw new TelltaleError("bad_request", `The value is longer than ${MAX_VALUE_CHARACTERS} characters`, { field: "body.value" });
  return text;
}
