import { scored } from "../../outcome.ts";
import { asYesNo } from "../../text.ts";
import { againstReference, wordsOf } from "./against-reference.ts";

export const exactMatch = againstReference(
  "ExactMatch",
  "The answer has the same words as the expected one; case and punctuation do not count.",
  { kind: "categories", values: ["yes", "no"] },
  (answer, expected) => {
    const isSame = wordsOf(answer).join(" ") === wordsOf(expected).join(" ");
    return scored({ value: asYesNo(isSame), rationale: isSame ? "The same words in the same order." : "The words differ." });
  },
);
