import { checkBinary, checkSameLength } from "../check-arguments.ts";

/** Counts of pairs: both pass, only the judge passes, only the human passes, both fail. */
export type Confusion = [truePositive: number, falsePositive: number, falseNegative: number, trueNegative: number];

/** 1 (or true) is "pass". */
export type Verdicts = readonly (number | boolean)[];

/** Counts pairs of verdicts; the human's are the truth. */
export function confusion(human: Verdicts, judge: Verdicts): Confusion {
  checkSameLength("human and judge", human, judge);
  const truth = human.map(Number);
  const said = judge.map(Number);
  checkBinary("human verdicts", truth);
  checkBinary("judge verdicts", said);
  const counts: Confusion = [0, 0, 0, 0];
  for (let i = 0; i < truth.length; i += 1) {
    if (truth[i] === 1) counts[said[i] === 1 ? 0 : 2] += 1;
    else counts[said[i] === 1 ? 1 : 3] += 1;
  }
  return counts;
}
