import type { Assessment, Trace } from "@telltale/model";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Command } from "../../pipeline/ingest.ts";
import { traceOf } from "./access.ts";
import { assessmentContent, AssessmentIn, assessmentJson, newAssessment } from "./assessment-json.ts";
import type { MlflowDeps } from "./deps.ts";
import { invalidParameter, missingResource } from "./errors.ts";
import { jsonBody, parseRequest, pathParameter } from "./request.ts";
import type { MlflowRoute } from "./route-table.ts";

const CreateAssessment = z.object({ assessment: AssessmentIn });
const UpdateAssessment = z.object({ assessment: AssessmentIn, update_mask: z.union([z.string(), z.object({ paths: z.array(z.string()) })]) });

/** Feedback and expectations on a trace. */
export function assessmentRoutes(deps: MlflowDeps): MlflowRoute[] {
  const path = "3.0/mlflow/traces/:trace_id/assessments";
  return [
    { method: "POST", path, handle: (request) => create(deps, request) },
    { method: "GET", path: `${path}/:assessment_id`, handle: (request) => get(deps, request) },
    { method: "PATCH", path: `${path}/:assessment_id`, handle: (request) => update(deps, request) },
    { method: "DELETE", path: `${path}/:assessment_id`, handle: (request) => remove(deps, request) },
  ];
}

async function create(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const sent = parseRequest(CreateAssessment, jsonBody(request)).assessment;
  const trace = await traceOf(deps, request, pathParameter(request, "trace_id"));
  const assessment = newAssessment(sent, { projectId: trace.projectId, traceId: trace.traceId, assessmentId: `a-${deps.newHex()}`, nowMs: deps.now() });
  const commands: Command[] = [{ type: "assessment", assessment }];
  if (assessment.overrides !== undefined) {
    const overridden = await assessmentOf(deps, request, trace, assessment.overrides);
    commands.unshift({ type: "assessment", assessment: { ...overridden, valid: false } });
  }
  await deps.ingest.apply(commands);
  return { assessment: assessmentJson(assessment) };
}

async function get(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const trace = await traceOf(deps, request, pathParameter(request, "trace_id"));
  return { assessment: assessmentJson(await assessmentOf(deps, request, trace, pathParameter(request, "assessment_id"))) };
}

async function update(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const { assessment: sent, update_mask: mask } = parseRequest(UpdateAssessment, jsonBody(request));
  const trace = await traceOf(deps, request, pathParameter(request, "trace_id"));
  const before = await assessmentOf(deps, request, trace, pathParameter(request, "assessment_id"));
  const after = masked(before, sent, maskPaths(mask));
  after.updatedMs = deps.now();
  await deps.ingest.apply([{ type: "assessment", assessment: after }]);
  return { assessment: assessmentJson(after) };
}

/** Deleting twice is no error. What the deleted one overrode is valid again. */
async function remove(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const trace = await traceOf(deps, request, pathParameter(request, "trace_id"));
  const scope = { projectIds: [trace.projectId] };
  const assessment = await deps.traces.findAssessment(scope, trace.traceId, pathParameter(request, "assessment_id"));
  if (assessment === undefined) return {};
  const { projectId, traceId, assessmentId, overrides } = assessment;
  const commands: Command[] = [{ type: "assessment_delete", projectId, traceId, assessmentId }];
  const overridden = overrides === undefined ? undefined : await deps.traces.findAssessment(scope, traceId, overrides);
  if (overridden !== undefined) commands.push({ type: "assessment", assessment: { ...overridden, valid: true } });
  await deps.ingest.apply(commands);
  return {};
}

async function assessmentOf(deps: MlflowDeps, request: FastifyRequest, trace: Trace, assessmentId: string): Promise<Assessment> {
  const found = await deps.traces.findAssessment(deps.scopeOf(request), trace.traceId, assessmentId);
  if (found === undefined)
    throw missingResource(`Assessment with ID '${assessmentId.slice(0, 250)}' not found for trace '${pathParameter(request, "trace_id")}'`);
  return found;
}

/** A FieldMask: one camelCase comma string in JSON (protobuf's rule), snake_case accepted. */
function maskPaths(mask: string | { paths: string[] }): string[] {
  const paths = typeof mask === "string" ? mask.split(",") : mask.paths;
  return paths.map((path) => path.trim().replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)).filter((path) => path !== "");
}

/** The assessment with the named fields replaced; metadata is merged, source and span never change. */
function masked(before: Assessment, sent: AssessmentIn, paths: readonly string[]): Assessment {
  const after = { ...before };
  for (const path of paths) {
    switch (path) {
      case "assessment_name":
      case "name":
        if (sent.assessment_name !== undefined) after.name = sent.assessment_name;
        break;
      case "feedback":
      case "expectation":
        Object.assign(after, newContent(before, sent, path));
        break;
      case "rationale":
        after.rationale = sent.rationale ?? "";
        break;
      case "metadata":
        after.metadata = new Map([...before.metadata, ...(sent.metadata ?? [])]);
        break;
      case "valid":
        after.valid = sent.valid ?? false;
        break;
      default:
        throw invalidParameter(
          `The field '${path.slice(0, 100)}' of an assessment cannot be updated. Fields are assessment_name, feedback, expectation, rationale, metadata and valid.`,
        );
    }
  }
  return after;
}

function newContent(before: Assessment, sent: AssessmentIn, kind: "feedback" | "expectation"): Pick<Assessment, "valueJson" | "error"> {
  if (before.kind !== kind)
    throw invalidParameter(`Cannot update ${kind} value on ${before.kind === "feedback" ? "a Feedback" : "an Expectation"} assessment.`);
  const part: AssessmentIn =
    kind === "feedback"
      ? { ...sent, feedback: sent.feedback ?? { value: undefined, error: undefined }, expectation: undefined }
      : { ...sent, feedback: undefined };
  const { valueJson, error } = assessmentContent(part);
  return { valueJson, error };
}
