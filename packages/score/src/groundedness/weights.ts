// Written by tests/bench/groundedness.ts --write: trained on 2463 of begin and 349 of wice (BEGIN: CC BY 4.0 and CDLA-Sharing 1.0; WiCE: annotations ODC-BY 1.0).
import type { TriageModel } from "./triage-model.ts";

export const weights: TriageModel = {
  features: [
    "contentAbsent",
    "rareAbsent",
    "bigramsAbsent",
    "trigramsAbsent",
    "numbersAbsent",
    "namesAbsent",
    "anyNumberAbsent",
    "anyNameAbsent",
    "bestSentence",
    "bestTwo",
    "bestThree",
    "longestRun",
    "length",
    "contextLength",
    "negations",
    "firstPerson",
    "isQuestion",
  ],
  low: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1.79176, 0, 0, 0],
  high: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3.68888, 9.85739, 3, 0.5, 1],
  mean: [
    0.3224, 0.412273, 0.631298, 0.757025, 0.0976229, 0.0962302, 0.136538, 0.194227, 0.525568, 0.601476, 0.638993, 0.257559, 2.35668, 5.19342, 0.0816258,
    0.0148262, 0.0391799,
  ],
  scale: [
    0.27323, 0.298448, 0.279225, 0.288815, 0.267062, 0.237476, 0.343359, 0.395604, 0.289766, 0.275064, 0.271788, 0.275694, 0.531596, 1.94946, 0.297256,
    0.0392304, 0.194023,
  ],
  weights: [
    -0.0744169, -0.357492, -0.371899, 0.207465, -0.61394, 0.301069, -0.159321, -0.582215, -0.00167626, 0.281766, 0.602782, 0.395367, 0.0724113, 0.200415,
    -0.165265, -0.8509, -0.594282,
  ],
  bias: -1.49365,
};
