/** What a scorer left beside its score; each is undefined where it said nothing. */
export interface ScoreFacts {
  scorer: string | undefined;
  version: string | undefined;
  model: string | undefined;
  costUsd: number | undefined;
  tokens: number | undefined;
  /** With which the trace was chosen for scoring. */
  probability: number | undefined;
  /** Id of the judge's own trace. */
  judgeTraceId: string | undefined;
}

/** Reads MLflow's keys for judges and Telltale's own; undefined for feedback that no scorer of this server gave. */
export function scoreFacts(metadata: Readonly<Record<string, string>>): ScoreFacts | undefined {
  const scorer = metadata["mlflow.assessment.scorerName"];
  const traceId = metadata["mlflow.assessment.scorerTraceId"];
  if (scorer === undefined && traceId === undefined) return undefined;
  const [input, output] = [known(metadata["mlflow.assessment.judgeInputTokens"]), known(metadata["mlflow.assessment.judgeOutputTokens"])];
  return {
    scorer,
    version: metadata["mlflow.assessment.scorerVersion"],
    model: metadata["telltale.judge.model"],
    costUsd: known(metadata["mlflow.assessment.judgeCost"]),
    tokens: input === undefined && output === undefined ? undefined : (input ?? 0) + (output ?? 0),
    probability: known(metadata["telltale.sampling.probability"]),
    judgeTraceId: traceId === undefined ? undefined : /^(?:tr-)?([0-9a-f]{32})$/.exec(traceId)?.[1],
  };
}

function known(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || text.trim() === "" || !Number.isFinite(value) ? undefined : value;
}
