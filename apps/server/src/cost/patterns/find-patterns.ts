import type { PriceOverrides } from "@telltale/ingest/pricing";
import type { CostPattern, CostPatterns, DearTrace } from "@telltale/model/api";
import type { CostlyStep, CostlyTrace } from "@telltale/store";
import { formatTimestamp } from "../../http/native/wire/timestamp.ts";
import { type Step, toSteps } from "./call.ts";
import { Ledger, type Occurrence, sumClaims } from "./ledger.ts";
import type { PatternRule } from "./pattern-rule.ts";
import { patternRules } from "./registry.ts";

const MAX_EXAMPLES = 10;
const MAX_DEAREST = 50;

export interface Examined {
  steps: readonly CostlyStep[];
  traces: readonly CostlyTrace[];
  dearest: readonly CostlyTrace[];
  overrides: PriceOverrides;
}

/** Runs every rule over the steps of dear traces, each claiming what the ones before it left. */
export function findPatterns({ steps, traces, dearest, overrides }: Examined): Pick<CostPatterns, "patterns" | "dearest"> {
  const byTrace = new Map(traces.map((trace) => [keyOf(trace), trace]));
  const sessions = new Map(traces.map((trace) => [keyOf(trace), trace.sessionId]));
  // A session's calls are spread over traces: in time, whatever trace they are of.
  const inOrder = toSteps(steps, sessions, overrides).toSorted(byTime);
  const ledger = new Ledger();
  for (const rule of patternRules) rule.find(inOrder, ledger);
  const patterns = patternRules
    .map((rule) =>
      patternOut(
        rule,
        ledger.occurrences.filter((one) => one.pattern === rule.name),
        byTrace,
      ),
    )
    .filter((pattern) => pattern.occurrences > 0)
    .toSorted((a, b) => (b.wasted_usd ?? -1) - (a.wasted_usd ?? -1));
  return { patterns, dearest: dearest.slice(0, MAX_DEAREST).map((trace) => dearTraceOut(trace, ledger.occurrences)) };
}

function patternOut(rule: PatternRule, occurrences: readonly Occurrence[], traces: ReadonlyMap<string, CostlyTrace>): CostPattern {
  const dearestFirst = occurrences.toSorted(byWaste);
  return {
    pattern: rule.name,
    title: rule.title,
    counterfactual: rule.counterfactual,
    wasted_usd: usdOf(sumClaims(occurrences.flatMap((one) => one.claims))),
    traces: new Set(occurrences.flatMap((one) => stepsOf(one).map(keyOf))).size,
    occurrences: occurrences.length,
    examples: dearestFirst.slice(0, MAX_EXAMPLES).map(({ step, claims, detail }) => {
      const trace = traces.get(keyOf(step));
      return {
        project_id: step.projectId,
        trace_id: step.traceId,
        name: trace?.name ?? step.name,
        start_time: formatTimestamp(trace?.startNs ?? step.startNs),
        span_id: step.spanId,
        wasted_usd: usdOf(sumClaims(claims)),
        detail,
      };
    }),
  };
}

function dearTraceOut(trace: CostlyTrace, occurrences: readonly Occurrence[]): DearTrace {
  const key = keyOf(trace);
  // Of what a whole session wasted, the part of this trace.
  const own = occurrences
    .filter((one) => stepsOf(one).some((step) => keyOf(step) === key))
    .map((one) => ({ ...one, claims: one.claims.filter((claim) => keyOf(claim.step) === key) }))
    .toSorted(byWaste);
  return {
    project_id: trace.projectId,
    trace_id: trace.traceId,
    name: trace.name,
    start_time: formatTimestamp(trace.startNs),
    session: trace.sessionId === "" ? null : trace.sessionId,
    user: trace.userId === "" ? null : trace.userId,
    cost_usd: trace.costUsd ?? 0,
    unpriced_calls: trace.unpricedCalls,
    llm_calls: trace.llmCalls,
    input_tokens: trace.inputTokens ?? null,
    output_tokens: trace.outputTokens ?? null,
    reasons: own.slice(0, MAX_EXAMPLES).map(({ pattern, claims, detail }) => ({ pattern, wasted_usd: usdOf(sumClaims(claims)), detail })),
  };
}

/** Where it shows: the steps that wasted, else the one it was noted at. */
function stepsOf({ step, claims }: Occurrence): Step[] {
  return claims.length === 0 ? [step] : claims.map((claim) => claim.step);
}

function keyOf({ projectId, traceId }: { projectId: string; traceId: string }): string {
  return `${projectId}/${traceId}`;
}

function byTime(a: Step, b: Step): number {
  if (a.startNs !== b.startNs) return a.startNs < b.startNs ? -1 : 1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

function byWaste(a: Occurrence, b: Occurrence): number {
  return (sumClaims(b.claims) ?? -1) - (sumClaims(a.claims) ?? -1) || byTime(a.step, b.step);
}

function usdOf(nano: number | undefined): number | null {
  return nano === undefined ? null : nano / 1e9;
}
