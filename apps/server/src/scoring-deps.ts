import { compareVersions, countVerdicts, diagnosticTotals, type Engine, labelledTraces, type Metadata } from "@telltale/store";
import type { AppDeps } from "./http/app.ts";
import type { OpenedScoring } from "./scoring/open-scoring.ts";

/** What the routes of scorers, their quality, their labels and their providers talk to. */
export function scoringDeps({ engine, metadata }: { engine: Engine; metadata: Metadata }, { scoring, secrets, tryProvider }: OpenedScoring) {
  return {
    metadata,
    scoring,
    providers: metadata.providers,
    reviewQueues: metadata.reviewQueues,
    reviewItems: metadata.reviewItems,
    labelSchemas: metadata.labelSchemas,
    secrets,
    tryProvider,
    scorerNamed: (projectId, name) => metadata.scorers.find(projectId, name),
    countVerdicts: (question, signal) => countVerdicts(engine, question, signal),
    compareVersions: (question, signal) => compareVersions(engine, question, signal),
    labelledTraces: (question, signal) => labelledTraces(engine, question, signal),
    diagnosticTotals: (question, signal) => diagnosticTotals(engine, question, signal),
  } satisfies Partial<AppDeps>;
}
