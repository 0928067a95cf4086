import { expect, test } from "vitest";
import * as stats from "./index.ts";

/** What the other packages, and users of this one, rely on. */
const promised = [
  ["wilson", "clopperPearson", "agrestiCoull", "jeffreys", "quantileInterval"],
  ["twoProportions", "welch", "mannWhitney", "ksTest", "clusterEffect"],
  ["abTest", "asymptoticCsHalfwidth", "srm", "sequentialSrm", "adjust"],
  ["normalMixtureBound", "betaBinomialMixtureBound", "gammaExponentialMixtureBound", "empiricalProcessLilBound", "doubleStitchingBound"],
  ["predmixEmpiricalBernsteinCs", "predmixHoeffdingCs", "bettingCs", "eDetector"],
  ["agreement", "weightedKappa", "krippendorffAlpha", "spearman", "kendallTauB"],
  ["correctedRate", "labelsNeeded", "isotonic", "logistic", "association", "riskRatio"],
].flat();

test.each(promised)("%s is exported under its name", (name) => {
  expect(typeof (stats as Record<string, unknown>)[name]).toBe("function");
});

test("plain Node gets the same names", async () => {
  const plain = (await import(new URL("../plain.js", import.meta.url).href)) as object;
  expect(Object.keys(plain).toSorted()).toEqual(Object.keys(stats).toSorted());
});
