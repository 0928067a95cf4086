import { isPass } from "@telltale/score";
import type { CaseVerdict, StoredScorer, TraceQuestions } from "@telltale/store";

const READ_AT_ONCE = 200;

/** What this very version of a scorer has said already, by trace or session: it need not be asked, and paid, again. */
export async function storedVerdicts(
  questions: Pick<TraceQuestions, "assessmentsOf">,
  scorer: StoredScorer,
  cases: readonly { entityId: string; traceId: string }[],
  threshold: number,
): Promise<Map<string, CaseVerdict>> {
  const byTrace = new Map(cases.map((item) => [item.traceId, item.entityId]));
  const verdicts = new Map<string, CaseVerdict>();
  const ids = [...byTrace.keys()];
  for (let from = 0; from < ids.length; from += READ_AT_ONCE) {
    for (const score of await questions.assessmentsOf({ projectIds: [scorer.projectId] }, ids.slice(from, from + READ_AT_ONCE))) {
      const entityId = byTrace.get(score.traceId);
      const isOwn =
        score.name === scorer.name && score.valid && score.sourceType !== "HUMAN" && score.spanId === "" && score.valueJson !== undefined &&
        score.metadata.get("mlflow.assessment.scorerVersion") === String(scorer.version); // prettier-ignore
      if (entityId === undefined || !isOwn || score.valueJson === undefined) continue;
      const value = String(JSON.parse(score.valueJson));
      verdicts.set(entityId, { value, pass: isPass(value, threshold), why: score.rationale });
    }
  }
  return verdicts;
}
