import type { Assessment } from "@telltale/model";
import { assessmentIdOf } from "../assessment-id.ts";
import type { Finding, Severity } from "./finding.ts";

/** Whose findings they are; nobody else writes assessments under it. */
export const DIAGNOSTICS_SOURCE = "telltale.diagnostics";
const KEY = "telltale.diagnostic";

/** A finding of a stored trace, as assessments carry it. */
export interface StoredFinding extends Finding {
  assessmentId: string;
}

/**
 * A finding as feedback by code, so that filters, metrics, alerts and exports see it like any other. Its id is made from the trace, the
 * diagnostic and its place, so that diagnosing again replaces it.
 */
export function findingAssessment(trace: { projectId: string; traceId: string }, finding: Finding, index: number, nowMs: number): Assessment {
  const facts: [string, string | undefined][] = [
    ["", finding.name],
    [".agent", finding.agent],
    [".tool", finding.tool],
    [".occurrences", String(finding.occurrences)],
    [".wastedMs", String(Math.round(finding.wastedMs * 1000) / 1000)],
    [".wastedUsd", finding.wastedUsd === undefined ? undefined : String(finding.wastedUsd)],
    [".spans", finding.spanIds.join(",")],
  ];
  return {
    projectId: trace.projectId,
    traceId: trace.traceId,
    spanId: finding.spanIds[0] ?? "",
    assessmentId: assessmentIdOf("diagnostic", trace.projectId, trace.traceId, finding.name, index),
    name: finding.name,
    kind: "feedback",
    valueJson: JSON.stringify(finding.severity),
    error: undefined,
    sourceType: "CODE",
    sourceId: DIAGNOSTICS_SOURCE,
    rationale: finding.sentence,
    metadata: new Map(facts.flatMap(([key, value]) => (value === undefined ? [] : [[`${KEY}${key}`, value] as const]))),
    overrides: undefined,
    valid: true,
    createdMs: nowMs,
    updatedMs: nowMs,
  };
}

/** The finding that an assessment carries; `undefined` for any other assessment. */
export function findingIn(assessment: Assessment): StoredFinding | undefined {
  const { metadata } = assessment;
  const name = metadata.get(KEY);
  if (assessment.sourceId !== DIAGNOSTICS_SOURCE || name === undefined || assessment.valueJson === undefined) return undefined;
  const usd = metadata.get(`${KEY}.wastedUsd`);
  return {
    assessmentId: assessment.assessmentId,
    name,
    severity: JSON.parse(assessment.valueJson) as Severity, // written by findingAssessment
    sentence: assessment.rationale ?? "",
    agent: metadata.get(`${KEY}.agent`) ?? "",
    tool: metadata.get(`${KEY}.tool`) ?? "",
    occurrences: Number(metadata.get(`${KEY}.occurrences`) ?? 1),
    wastedMs: Number(metadata.get(`${KEY}.wastedMs`) ?? 0),
    wastedUsd: usd === undefined ? undefined : Number(usd),
    spanIds: (metadata.get(`${KEY}.spans`) ?? "").split(",").filter((id) => id !== ""),
  };
}
