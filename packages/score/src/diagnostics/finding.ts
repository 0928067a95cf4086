import type { AgentRun } from "./agent-run.ts";

export type Severity = "info" | "warning" | "error";

/** Something an agent did that cost time or money, or that made its answer wrong; with what shows it. */
export interface Finding {
  /** Name of the diagnostic. */
  name: string;
  severity: Severity;
  /** One sentence for people: what happened, how often, to what. */
  sentence: string;
  agent: string;
  /** The tool concerned; `""` when it is about the run. */
  tool: string;
  /** Spans that show it, in time order; at most `maxEvidence`, `occurrences` counts all. */
  spanIds: string[];
  occurrences: number;
  /** Time that would not have passed otherwise; 0 when nothing was repeated. */
  wastedMs: number;
  /** What model calls in that time cost; undefined when one is not priced, or there is none. */
  wastedUsd: number | undefined;
}

/** Deterministic, from the spans alone, linear in them, never throws. */
export interface Diagnostic {
  name: string;
  summary: string;
  /** Of findings about the same spans in one family only the first diagnostic's (in the registry's order) is kept. */
  family: "repetition" | "single";
  find(run: AgentRun): Finding[];
}

export const maxEvidence = 50;
/** A diagnostic that finds more in one trace says the same thing over and over. */
export const maxFindings = 20;
