import { z } from "zod";
import { type ScoreOutcome, skipped } from "../../outcome.ts";
import type { Scorer, Vocabulary } from "../../scorer.ts";
import { answerOf, textOf } from "../../text.ts";

const Parameters = z.looseObject({});

/** A metric that compares the answer with the expected one, without a model. */
export function againstReference(
  name: string,
  summary: string,
  vocabulary: Vocabulary,
  compare: (answer: string, expected: string) => ScoreOutcome,
): Scorer<object> {
  return {
    name,
    summary,
    level: "trace",
    needs: ["outputs", "expectations"],
    usesModel: false,
    vocabulary,
    parameters: Parameters,
    score: (subject) => {
      if (subject.level !== "trace") return skipped("nothing_to_judge");
      const { expectations } = subject.trace;
      const expected = textOf(expectations.get("expected_response") ?? expectations.get("expected_output") ?? expectations.get("expected"));
      const answer = answerOf(subject.trace);
      if (answer === "") return skipped("nothing_to_judge");
      return expected === "" ? skipped("needs_expectations") : compare(answer, expected);
    },
  };
}

/** Words in lower case without punctuation, as SQuAD compares answers; Unicode letters and digits of any script. */
export function wordsOf(text: string): string[] {
  return (
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}
