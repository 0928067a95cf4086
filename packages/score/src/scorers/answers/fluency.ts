import { answer } from "../exhibits.ts";
import { judgeOfTraces } from "../judged.ts";

export const fluency = judgeOfTraces({
  name: "Fluency",
  summary: "The answer is grammatical and reads naturally.",
  needs: ["outputs"],
  exhibits: [answer],
  instructions: `Decide whether <answer> is fluent in its language: spelling and grammar are right, it reads like natural writing, sentences follow from each other. Ignore whether it is true.
Code, lists, tables and figures are fine where they fit. "yes": fluent. "no": errors or stiffness that a careful writer would mend.`,
});
