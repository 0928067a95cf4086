import { answer, expected } from "../exhibits.ts";
import { judgeOfTraces } from "../judged.ts";

export const equivalence = judgeOfTraces({
  name: "Equivalence",
  summary: "The answer means the same as the expected one, in the same form.",
  needs: ["outputs", "expectations"],
  exhibits: [answer, expected],
  instructions: `Decide whether <answer> and <expected> are equivalent: they convey the same meaning and have the same form (JSON with the same structure, a list, a sentence). Wording, order of object keys and white space do not matter.
"yes": equivalent. "no": they differ in meaning or form; say where.`,
});
