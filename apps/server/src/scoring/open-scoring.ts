import { CodeSandbox, ModelJudge, type SandboxWorker } from "@telltale/score";
import type { Engine, Metadata, TraceQuestions } from "@telltale/store";
import type { ProviderDeps } from "../http/native/providers.ts";
import type { RunningIngest } from "../pipeline/create-ingest.ts";
import type { Ingest } from "../pipeline/ingest.ts";
import { openSecretBox, type SecretBox } from "../secrets/secret-box.ts";
import type { ServerLog } from "../server-log.ts";
import { judgeModelFor, openModel } from "./judge-models.ts";
import { recordJudgeTrace } from "./judge-traces.ts";
import { type Scoring, startScoring } from "./start-scoring.ts";

/** The oldest acknowledged record has waited this long for the store. */
const BEHIND_S = 0.5;

export interface OpenedScoring {
  scoring: Scoring;
  secrets: SecretBox;
  tryProvider: ProviderDeps["tryProvider"];
}

export interface ScoringParts {
  dataFolder: string;
  secretKey: string | undefined;
  sandboxWorker: SandboxWorker;
  engine: Engine;
  metadata: Metadata;
  questions: TraceQuestions;
  /** Knows what is stored; `into` is the way in, which refuses when the disk is full. */
  ingest: Pick<RunningIngest, "storedUpToNs" | "pending">;
  into: Ingest;
  now: () => number;
  log: ServerLog;
}

/** Online scoring with judges that ask the providers configured in Settings. */
export function openScoring({ dataFolder, secretKey, sandboxWorker, engine, metadata, questions, ingest, into, now, log }: ScoringParts): OpenedScoring {
  const secrets = openSecretBox(dataFolder, secretKey);
  const { providers } = metadata;
  const judge = new ModelJudge({
    modelFor: (uri) => judgeModelFor({ providers, secrets, now }, uri),
    record: (model, calls) => recordJudgeTrace(into, model, calls),
    now,
  });
  const sandbox = new CodeSandbox(sandboxWorker);
  const scoring = startScoring({
    engine,
    metadata,
    questions,
    ingest: into,
    storedUpToNs: () => ingest.storedUpToNs(),
    isBusy: () => ingest.pending().oldestS > BEHIND_S,
    judge,
    client: judge,
    runCode: (source, subject) => sandbox.run(source, subject),
    now,
    log: (message, fields) => log.warn(fields, message),
  });
  return {
    scoring: {
      ...scoring,
      async stop() {
        await scoring.stop();
        await sandbox.stop();
      },
    },
    secrets,
    tryProvider: async (provider, modelId, signal) => {
      const model = await openModel(provider, modelId, `${provider.name}:/${modelId}`, secrets, now);
      const trial = new ModelJudge({ modelFor: async () => model, record: async () => undefined, now });
      const question = {
        model: undefined,
        instructions: "Is the greeting polite?",
        exhibits: [{ name: "greeting", text: "Good morning!" }],
        answer: { kind: "boolean" } as const,
      };
      await trial.ask(question, signal);
    },
  };
}
