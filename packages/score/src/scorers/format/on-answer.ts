import { type ScoreOutcome, skipped } from "../../outcome.ts";
import type { Subject } from "../../subject.ts";
import { answerOf } from "../../text.ts";

/** For scorers that look at the text of an answer only: a trace without one is not judged. */
export function onAnswer(subject: Subject, judge: (answer: string) => ScoreOutcome): ScoreOutcome {
  if (subject.level !== "trace") return skipped("nothing_to_judge");
  const answer = answerOf(subject.trace);
  return answer === "" ? skipped("nothing_to_judge") : judge(answer);
}
