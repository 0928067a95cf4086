import { builtIn, type BuiltInScorer } from "../scorer.ts";
import { answerRelevance } from "./answers/answer-relevance.ts";
import { completeness } from "./answers/completeness.ts";
import { contextPrecision } from "./retrieval/context-precision.ts";
import { contextRecall } from "./retrieval/context-recall.ts";
import { conversationCompleteness } from "./conversations/conversation-completeness.ts";
import { conversationalGuidelines } from "./conversations/conversational-guidelines.ts";
import { conversationalRoleAdherence } from "./conversations/conversational-role-adherence.ts";
import { conversationalSafety } from "./conversations/conversational-safety.ts";
import { conversationalToolCallEfficiency } from "./conversations/conversational-tool-call-efficiency.ts";
import { correctness } from "./answers/correctness.ts";
import { equivalence } from "./answers/equivalence.ts";
import { exactMatch } from "./reference/exact-match.ts";
import { expectationsGuidelines } from "./answers/expectations-guidelines.ts";
import { groundednessTriage } from "./retrieval/groundedness-triage.ts";
import { faithfulness } from "./retrieval/faithfulness.ts";
import { fluency } from "./answers/fluency.ts";
import { guidelines } from "./answers/guidelines.ts";
import { jsonValidity } from "./format/json-validity.ts";
import { knowledgeRetention } from "./conversations/knowledge-retention.ts";
import { piiDetection } from "./format/pii-detection.ts";
import { piiLeakage } from "./answers/pii-leakage.ts";
import { promptInjectionSuccess } from "./answers/prompt-injection-success.ts";
import { refusal } from "./answers/refusal.ts";
import { regexMatch } from "./format/regex-match.ts";
import { relevanceToQuery } from "./answers/relevance-to-query.ts";
import { responseLength } from "./format/response-length.ts";
import { retrievalGroundedness } from "./retrieval/retrieval-groundedness.ts";
import { retrievalRelevance } from "./retrieval/retrieval-relevance.ts";
import { retrievalSufficiency } from "./retrieval/retrieval-sufficiency.ts";
import { rougeL } from "./reference/rouge-l.ts";
import { safety } from "./answers/safety.ts";
import { summarization } from "./answers/summarization.ts";
import { sycophancy } from "./answers/sycophancy.ts";
import { taskCompletion } from "./answers/task-completion.ts";
import { tokenF1 } from "./reference/token-f1.ts";
import { toolCallCorrectness } from "./tools/tool-call-correctness.ts";
import { toolCallEfficiency } from "./tools/tool-call-efficiency.ts";
import { toolSelection } from "./tools/tool-selection.ts";
import { userFrustration } from "./conversations/user-frustration.ts";

/** Every built-in scorer: first MLflow's own, by the same names and in the same words, then ours. */
export const scorers: readonly BuiltInScorer[] = [
  builtIn(relevanceToQuery),
  builtIn(safety),
  builtIn(correctness),
  builtIn(completeness),
  builtIn(fluency),
  builtIn(equivalence),
  builtIn(summarization),
  builtIn(guidelines),
  builtIn(expectationsGuidelines),
  builtIn(retrievalGroundedness),
  builtIn(retrievalRelevance),
  builtIn(retrievalSufficiency),
  builtIn(toolCallCorrectness),
  builtIn(toolCallEfficiency),
  builtIn(userFrustration),
  builtIn(conversationCompleteness),
  builtIn(conversationalSafety),
  builtIn(conversationalToolCallEfficiency),
  builtIn(conversationalRoleAdherence),
  builtIn(conversationalGuidelines),
  builtIn(knowledgeRetention),
  builtIn(responseLength),
  builtIn(regexMatch),
  builtIn(piiDetection),
  builtIn(answerRelevance),
  builtIn(taskCompletion),
  builtIn(sycophancy),
  builtIn(refusal),
  builtIn(piiLeakage),
  builtIn(promptInjectionSuccess),
  builtIn(groundednessTriage),
  builtIn(faithfulness),
  builtIn(contextPrecision),
  builtIn(contextRecall),
  builtIn(toolSelection),
  builtIn(jsonValidity),
  builtIn(exactMatch),
  builtIn(tokenF1),
  builtIn(rougeL),
];

const byName = new Map(scorers.map((scorer) => [scorer.name, scorer]));

export function findScorer(name: string): BuiltInScorer | undefined {
  return byName.get(name);
}
