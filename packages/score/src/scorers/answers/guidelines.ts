import { z } from "zod";
import { answer, question } from "../exhibits.ts";
import { JudgeParameters, judgeOfTraces } from "../judged.ts";
import { guidelinesText } from "../guidelines-text.ts";

const Parameters = JudgeParameters.extend({ guidelines: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]) });

export const guidelines = judgeOfTraces<z.output<typeof Parameters>>({
  name: "Guidelines",
  summary: "The answer follows your guidelines.",
  parameters: Parameters,
  example: { guidelines: ["The tone is friendly.", "Prices are in euros."] },
  needs: ["outputs"],
  exhibits: [question, answer],
  instructions: (parameters) => guidelinesText("<answer>", parameters.guidelines),
});
