import { mcnemarMidP } from "@telltale/stats";

/** One held-back label with both verdicts; `undefined` = the judge gave none (it failed). */
export interface HeldBackCase {
  human: boolean;
  before: boolean | undefined;
  after: boolean | undefined;
}

/** True is a pass, the person is right. */
export interface Confusion {
  truePass: number;
  falsePass: number;
  falseFail: number;
  trueFail: number;
}

export interface GateResult {
  decision: "live" | "shadow";
  /** Why it does not go live, one sentence each; empty = it does. */
  reasons: string[];
  /** Cases with both verdicts: what the comparison rests on. */
  n: number;
  before: Confusion;
  after: Confusion;
  /** Cases that only the new version, and only the old one, judges as the person does. */
  mended: number;
  broken: number;
  midP: number;
  failedBefore: number;
  failedAfter: number;
}

const LEVEL = 0.1;
const MAX_FALL = 0.02;
/** A version that fails more often than the old one may do so on this share of the cases. */
const MAX_FAILED = 0.05;

/**
 * Whether an aligned version may go live (statistics notes §3): on held-back labels its agreement rises (McNemar mid-p below .1) and
 * neither TPR nor TNR falls by more than 2 points. Cases without both verdicts do not count as agreement or disagreement.
 */
export function gate(cases: readonly HeldBackCase[]): GateResult {
  const both = cases.flatMap(({ human, before, after }) => (before === undefined || after === undefined ? [] : [{ human, before, after }]));
  const mended = both.filter(({ human, before, after }) => after === human && before !== human).length;
  const broken = both.filter(({ human, before, after }) => after !== human && before === human).length;
  const before = confusionOf(both.map(({ human, before: judge }) => ({ human, judge })));
  const after = confusionOf(both.map(({ human, after: judge }) => ({ human, judge })));
  const midP = mcnemarMidP(mended, broken);
  const failedBefore = cases.filter((item) => item.before === undefined).length;
  const failedAfter = cases.filter((item) => item.after === undefined).length;
  const reasons = [
    ...(mended > broken && midP < LEVEL ? [] : [agreementReason(mended, broken, midP)]),
    ...fallReason("passes", passesRecognised(before), passesRecognised(after)),
    ...fallReason("fails", failsRecognised(before), failsRecognised(after)),
    ...(failedAfter > failedBefore && failedAfter > MAX_FAILED * cases.length
      ? [`It gave no verdict on ${failedAfter} of ${cases.length} held-back traces, the version before on ${failedBefore}.`]
      : []),
  ];
  return { decision: reasons.length === 0 ? "live" : "shadow", reasons, n: both.length, before, after, mended, broken, midP, failedBefore, failedAfter };
}

export function confusionOf(pairs: readonly { human: boolean; judge: boolean }[]): Confusion {
  const count = (human: boolean, judge: boolean): number => pairs.filter((pair) => pair.human === human && pair.judge === judge).length;
  return { truePass: count(true, true), falsePass: count(false, true), falseFail: count(true, false), trueFail: count(false, false) };
}

/** TPR; NaN when people pass nothing. */
function passesRecognised({ truePass, falseFail }: Confusion): number {
  return truePass / (truePass + falseFail);
}

/** TNR; NaN when people fail nothing. */
function failsRecognised({ trueFail, falsePass }: Confusion): number {
  return trueFail / (trueFail + falsePass);
}

function agreementReason(mended: number, broken: number, midP: number): string {
  return mended > broken
    ? `Agreement with people rises on held-back labels, but not surely: ${mended} verdicts mended, ${broken} broken (McNemar mid-p ${midP.toFixed(2)}, below ${LEVEL} is needed).`
    : `Agreement with people does not rise on held-back labels: ${mended} verdicts mended, ${broken} broken.`;
}

function fallReason(what: string, before: number, after: number): string[] {
  if (Number.isNaN(before) || Number.isNaN(after)) return [`No held-back trace with both verdicts is one that people say ${what}, so that share is not known.`];
  // 1e-9: a fall of exactly two points is allowed, whatever its binary form.
  if (after >= before - MAX_FALL - 1e-9) return [];
  return [`The share of ${what} that it recognises falls from ${percent(before)} to ${percent(after)}, by more than 2 points.`];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
