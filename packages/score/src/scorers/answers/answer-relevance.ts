import { answer, question } from "../exhibits.ts";
import { judgeOfTraces, share } from "../judged.ts";

export const answerRelevance = judgeOfTraces({
  name: "AnswerRelevance",
  summary: "How much of the answer addresses the question, from 0 to 1.",
  needs: ["inputs", "outputs"],
  exhibits: [question, answer],
  answer: share,
  instructions: `Split <answer> into its statements. Count those that help to answer <question>, and those that do not (digressions, repetition, boilerplate).
The value is the share of statements that help: 1 when all do, 0 when none does. List the statements that do not in the rationale.`,
});
