import { compareVersions, countJudges, countVerdicts, diagnosticTotals, type Engine, labelledTraces, type Metadata } from "@telltale/store";
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
    scorerNamed: async (projectId, name) => {
      const [scorer, versions] = await Promise.all([metadata.scorers.find(projectId, name), metadata.scorers.versions(projectId, name)]);
      return scorer && { serialized: scorer.serialized, version: scorer.version, versions };
    },
    countJudges: (question, signal) => countJudges(engine, question, signal),
    countVerdicts: (question, signal) => countVerdicts(engine, question, signal),
    compareVersions: (question, signal) => compareVersions(engine, question, signal),
    labelledTraces: (question, signal) => labelledTraces(engine, question, signal),
    diagnosticTotals: (question, signal) => diagnosticTotals(engine, question, signal),
  } satisfies Partial<AppDeps>;
}
