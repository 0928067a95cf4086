import { addUsage } from "../../add-usage.ts";
import type { JudgeUsage, Score, ScoreOutcome } from "../../outcome.ts";
import { skipped } from "../../outcome.ts";
import type { Scorer } from "../../scorer.ts";
import { question } from "../exhibits.ts";
import { JudgeParameters, yesNo } from "../judged.ts";

/** More documents than this are not judged one by one. */
const MAX_DOCUMENTS = 20;

const instructions = `Decide whether <document> holds information that helps to answer <question>, wholly or in part. Do not judge whether it is correct or complete.
"yes": it does. "no": it does not.`;

/**
 * Each document of each retrieval, at the span of the retrieval; as MLflow does, the share of documents that help stands
 * beside them as `<name>/precision`.
 */
export const retrievalRelevance: Scorer<JudgeParameters> = {
  name: "RetrievalRelevance",
  summary: "Each retrieved document helps to answer the question.",
  level: "trace",
  needs: ["inputs", "context"],
  usesModel: true,
  vocabulary: yesNo,
  parameters: JudgeParameters,
  instructions,
  score: async (subject, parameters, { judge, signal }): Promise<ScoreOutcome> => {
    if (subject.level !== "trace") return skipped("nothing_to_judge");
    const { trace } = subject;
    const asked = question(trace);
    if (asked.text === "") return skipped("nothing_to_judge");
    const documents = trace.retrievals
      .flatMap(({ spanId, documents: own }) => own.map((document, index) => ({ spanId, index, text: document.content })))
      .slice(0, MAX_DOCUMENTS);
    if (documents.length === 0) return skipped("needs_context");
    const scores: Score[] = [];
    const used: JudgeUsage[] = [];
    for (const document of documents) {
      const verdict = await judge.ask(
        {
          model: parameters.model ?? undefined,
          instructions,
          exhibits: [asked, { name: "document", text: document.text }],
          answer: yesNo,
          parameters: parameters.inference_params ?? undefined,
        },
        signal,
      );
      scores.push({ value: verdict.value, rationale: verdict.rationale, spanId: document.spanId, metadata: { chunk_index: String(document.index) } });
      used.push(verdict.usage);
    }
    const helpful = scores.filter((score) => score.value === "yes").length;
    return {
      kind: "scored",
      scores: [...scores, { suffix: "precision", value: helpful / scores.length, rationale: `${helpful} of ${scores.length} documents help.` }],
      usage: addUsage(used),
    };
  },
};
