import { z } from "zod";
import { groundednessTriage as triage, type TriageEvidence } from "../../groundedness/index.ts";
import { scored, skipped } from "../../outcome.ts";
import type { Scorer } from "../../scorer.ts";
import { answerOf } from "../../text.ts";

const Parameters = z.looseObject({});
const MAX_NAMED = 8;

/** A triage, never a verdict: it sorts what a judge or a person should look at first. */
export const groundednessTriage: Scorer<object> = {
  name: "GroundednessTriage",
  summary: "How much of the answer its context carries, by words alone, from 0 to 1: a triage, not a verdict.",
  level: "trace",
  needs: ["outputs", "context"],
  usesModel: false,
  vocabulary: { kind: "number", min: 0, max: 1 },
  parameters: Parameters,
  score: (subject) => {
    if (subject.level !== "trace") return skipped("nothing_to_judge");
    const contexts = subject.trace.retrievals.flatMap(({ documents }) => documents.map(({ content }) => content));
    const result = triage({ response: answerOf(subject.trace), contexts });
    if (result.kind === "skipped") return skipped(result.reason === "no_context" ? "needs_context" : "nothing_to_judge");
    return scored({ value: result.score, rationale: triageSentence(result.evidence) });
  },
};

/** What of the answer the context does not hold, in one sentence. */
export function triageSentence({ absentNames, absentNumbers, absentWords, weakest }: TriageEvidence): string {
  const absent = [...absentNames, ...absentNumbers, ...absentWords].slice(0, MAX_NAMED);
  const words = absent.length === 0 ? "Every word of the answer stands in the context." : `Not in the context: ${absent.join(", ")}.`;
  const [first] = weakest;
  return `Triage by words alone, no verdict. ${words}${first === undefined ? "" : ` Least covered: “${first.sentence.slice(0, 300)}”`}`;
}
