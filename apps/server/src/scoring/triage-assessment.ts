import { spokenText } from "@telltale/ingest";
import type { Assessment, SpanContent } from "@telltale/model";
import { assessmentIdOf, groundednessTriage, triageSentence } from "@telltale/score";
import type { TraceContent } from "@telltale/store";

/** Under which name and source the triage is kept; never that of a scorer. */
export const TRIAGE_NAME = "groundedness_triage";
export const TRIAGE_SOURCE = "telltale.triage";
const MAX_PARSED = 256 * 1024;

/**
 * How much of a trace's answer its retrieved context carries, as feedback by code; `undefined` for traces without context or answer.
 * A triage, which the name and the rationale say: it is no verdict of a judge and never enters a corrected rate.
 */
export function triageAssessment(
  trace: { projectId: string; traceId: string },
  { spans, contents }: TraceContent,
  contentOf: (spanId: string) => SpanContent | undefined,
  nowMs: number,
): Assessment | undefined {
  const retrievers = spans.filter((span) => span.kind === "RETRIEVER");
  if (retrievers.length === 0) return undefined;
  const contexts = retrievers.flatMap((span) => contentOf(span.spanId)?.documents.flatMap(({ content }) => content ?? []) ?? []);
  const root = spans.find((span) => span.parentSpanId === "");
  const calls = spans.filter((span) => span.kind === "LLM");
  const outputs =
    (root === undefined ? undefined : contents.get(root.spanId)?.outputs) || calls.map((span) => contents.get(span.spanId)?.outputs).findLast(Boolean);
  if (outputs === undefined || outputs === "") return undefined;
  const result = groundednessTriage({ response: spokenText(outputs, "output", MAX_PARSED) ?? outputs, contexts });
  if (result.kind === "skipped") return undefined;
  return {
    projectId: trace.projectId,
    traceId: trace.traceId,
    spanId: "",
    assessmentId: assessmentIdOf("triage", trace.projectId, trace.traceId),
    name: TRIAGE_NAME,
    kind: "feedback",
    valueJson: JSON.stringify(result.score),
    error: undefined,
    sourceType: "CODE",
    sourceId: TRIAGE_SOURCE,
    rationale: triageSentence(result.evidence),
    metadata: new Map([["telltale.triage", "groundedness"]]),
    overrides: undefined,
    valid: true,
    createdMs: nowMs,
    updatedMs: nowMs,
  };
}
