import { setTimeout as sleep } from "node:timers/promises";
import { readContent, unpackRaw } from "@telltale/ingest";
import type { Assessment, SpanContent } from "@telltale/model";
import { diagnose, DIAGNOSTICS_SOURCE, findingAssessment, type SpanText } from "@telltale/score";
import { type AgentRunSteps, type Engine, type Metadata, settledTraces, type TraceContent, type TraceQuestions, tracesWithContent } from "@telltale/store";
import type { Command, Ingest } from "../pipeline/ingest.ts";
import { triageAssessment } from "./triage-assessment.ts";
import { QUIET_MS } from "./settle-traces.ts";

export interface DiagnoseDeps {
  engine: Engine;
  metadata: Pick<Metadata, "scoreOutbox" | "agentSteps">;
  questions: TraceQuestions;
  ingest: Ingest;
  storedUpToNs: () => bigint;
  /** The writer is behind. */
  isBusy: () => boolean;
  now: () => number;
}

const READER = "diagnosis";
/** Traces read and diagnosed at once. */
const BATCH = 32;
/** After a batch so much longer nothing is done as the batch took: receiving and pages come first. */
const REST = 4;

/**
 * Diagnoses what has been quiet for ten seconds, every trace of more than one span, and moves on; those with retrieved context also
 * get their triage. Diagnosing again
 * (a late span, a crash before the position was written) replaces what was found. Resolves to the number of traces diagnosed.
 */
export async function diagnoseTraces(deps: DiagnoseDeps, signal: AbortSignal): Promise<number> {
  const quietNs = BigInt(deps.now() - QUIET_MS) * 1_000_000n;
  const stored = deps.storedUpToNs();
  const upTo = quietNs < stored ? quietNs : stored;
  const position = await deps.metadata.scoreOutbox.position(READER, upTo);
  await untilQuiet(deps, signal);
  if (position >= upTo || signal.aborted) return 0;
  const { traces, positionNs } = await settledTraces(deps.engine, position, upTo);
  const wanted = traces.filter((trace) => trace.isComplete && trace.hasSteps && !trace.isEvaluation);
  const limits = wanted.length === 0 ? undefined : await deps.metadata.agentSteps.limits();
  const byProject = new Map<string, string[]>();
  for (const { projectId, traceId } of wanted) byProject.set(projectId, [...(byProject.get(projectId) ?? []), traceId]);
  for (const [projectId, ids] of byProject) {
    for (let from = 0; from < ids.length; from += BATCH) {
      if (signal.aborted) return 0; // what was done is done again after the restart, to the same ids
      await untilQuiet(deps, signal);
      const startedMs = deps.now();
      await diagnoseBatch(deps, projectId, ids.slice(from, from + BATCH), limits?.get(projectId));
      await sleep(Math.min(1_000, REST * (deps.now() - startedMs)));
    }
  }
  await deps.metadata.scoreOutbox.moveTo(READER, positionNs);
  return wanted.length;
}

/** While the writer is behind, the traces that it has settled can wait. */
async function untilQuiet({ isBusy }: DiagnoseDeps, signal: AbortSignal): Promise<void> {
  while (isBusy() && !signal.aborted) await sleep(500);
}

async function diagnoseBatch(
  deps: DiagnoseDeps,
  projectId: string,
  traceIds: readonly string[],
  stepLimits: ReadonlyMap<string, number> | undefined,
): Promise<void> {
  const [contents, before] = await Promise.all([
    tracesWithContent(deps.engine, projectId, traceIds),
    deps.questions.assessmentsOf({ projectIds: [projectId] }, traceIds),
  ]);
  const commands: Command[] = [];
  const runs: AgentRunSteps[] = [];
  for (const [traceId, content] of contents) {
    const contentOf = contentReader(traceId, content);
    const triage = triageAssessment({ projectId, traceId }, content, contentOf, deps.now());
    if (triage !== undefined) commands.push({ type: "assessment", assessment: triage });
    const { findings, steps } = diagnose({
      spans: content.spans,
      textOf: (spanId) => textOf(content, contentOf, spanId),
      ...(stepLimits === undefined ? {} : { stepLimits }),
    });
    for (const [agent, taken] of steps) runs.push({ projectId, agent, steps: taken });
    const found = findings.map((finding, index) => findingAssessment({ projectId, traceId }, finding, index, deps.now()));
    commands.push(...found.map((assessment): Command => ({ type: "assessment", assessment })));
    commands.push(...outdated(before, traceId, found));
  }
  await deps.ingest.apply(commands);
  await deps.metadata.agentSteps.add(runs);
}

/** What an earlier look had found and this one does not. */
function outdated(before: readonly Assessment[], traceId: string, found: readonly Assessment[]): Command[] {
  const ids = new Set(found.map((assessment) => assessment.assessmentId));
  return before.flatMap((item): Command[] =>
    item.traceId === traceId && item.sourceId === DIAGNOSTICS_SOURCE && !ids.has(item.assessmentId)
      ? [{ type: "assessment_delete", projectId: item.projectId, traceId, assessmentId: item.assessmentId }]
      : [],
  );
}

function textOf({ contents }: TraceContent, contentOf: (spanId: string) => SpanContent | undefined, spanId: string): SpanText | undefined {
  const payload = contents.get(spanId);
  return payload === undefined ? undefined : { inputs: payload.inputs, outputs: payload.outputs, content: contentOf(spanId) };
}

/** Reads what a span says, each span once. */
function contentReader(traceId: string, { contents }: TraceContent): (spanId: string) => SpanContent | undefined {
  const read = new Map<string, SpanContent>();
  return (spanId) => {
    const payload = contents.get(spanId);
    if (payload === undefined) return undefined;
    const content = read.get(spanId) ?? readContent(unpackRaw(payload.raw, { traceId, spanId }, payload.inputs, payload.outputs));
    read.set(spanId, content);
    return content;
  };
}
