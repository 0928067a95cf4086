import { z } from "zod";
import { conversation } from "../exhibits.ts";
import { guidelinesText } from "../guidelines-text.ts";
import { JudgeParameters, judgeOfSessions } from "../judged.ts";

const Parameters = JudgeParameters.extend({ guidelines: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]) });

export const conversationalGuidelines = judgeOfSessions<z.output<typeof Parameters>>({
  name: "ConversationalGuidelines",
  summary: "The assistant follows your guidelines throughout the conversation.",
  parameters: Parameters,
  example: { guidelines: ["The tone is friendly.", "Prices are in euros."] },
  exhibits: [conversation],
  instructions: (parameters) => guidelinesText("the assistant in <conversation>", parameters.guidelines),
});
