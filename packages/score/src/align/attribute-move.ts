import { mcnemarMidP, twoProportions } from "@telltale/stats";

/** Passes of a judge among what it judged. */
export interface Passes {
  passes: number;
  n: number;
}

/** What the judge said of the same frozen traces before and after. */
export interface AnchorFlips {
  n: number;
  toFail: number;
  toPass: number;
}

export interface Attribution {
  /**
   * `steady`: the rate of the traffic did not move. `system`: it moved and the anchors did not. `judge`: the anchors moved.
   * `unknown`: it moved, and there is nothing to hold it against.
   */
  cause: "steady" | "system" | "judge" | "unknown";
  /** Of the difference of the rates; `undefined` = one side has no traffic. */
  trafficP: number | undefined;
  anchorsP: number | undefined;
  /** Whether other questions came in: that needs a measure of novelty. */
  inputMix: "not_measured";
}

const LEVEL = 0.05;
/** Fewer anchors could flip by the hundreds without anybody seeing it. */
export const MIN_ANCHORS = 20;

/**
 * Why a judged rate moved between two periods (statistics notes §3). The traffic is compared as two proportions, the anchors as pairs (McNemar
 * mid-p): both at 5 %. An answer about one rate that somebody looks at; alarms over many need a sequential test.
 */
export function attributeMove(before: Passes, after: Passes, anchors: AnchorFlips | undefined): Attribution {
  const trafficP = before.n === 0 || after.n === 0 ? undefined : pOf(before, after);
  const anchorsP = anchors === undefined || anchors.n < MIN_ANCHORS ? undefined : mcnemarMidP(anchors.toFail, anchors.toPass);
  const facts = { trafficP, anchorsP, inputMix: "not_measured" as const };
  if (anchorsP !== undefined && anchorsP < LEVEL) return { cause: "judge", ...facts };
  if (trafficP === undefined) return { cause: "unknown", ...facts };
  if (trafficP >= LEVEL) return { cause: "steady", ...facts };
  return { cause: anchorsP === undefined ? "unknown" : "system", ...facts };
}

/** All passes, or none, on both sides leave the test without variance: nothing moved. */
function pOf(before: Passes, after: Passes): number {
  const { p } = twoProportions(after.passes, after.n, before.passes, before.n, LEVEL);
  return Number.isNaN(p) ? 1 : p;
}
