import fc from "fast-check";
import { expect, test } from "vitest";
import { betaI, betaInverse } from "../special/incomplete-beta.ts";
import { gammaP, gammaQ } from "../special/incomplete-gamma.ts";
import { logGamma } from "../special/log-gamma.ts";
import { zeta } from "../special/zeta.ts";
import { expectClose } from "../vectors/vectors.ts";
import { binomialCdf, binomialPmf, binomialQuantile } from "./binomial.ts";
import { chiSquareQuantile, chiSquareTail } from "./chi-square.ts";
import { fQuantile, fTail } from "./f.ts";
import { normalCdf, normalCritical, normalQuantile, normalTwoSided } from "./normal.ts";
import { tCdf, tCritical, tQuantile, tTwoSided } from "./student-t.ts";

// Expected values: SciPy 1.18, scipy.special and scipy.stats. Compared relatively, without help for small ones.
const TOLERANCE = 1e-11;

const cases: [name: string, actual: number, expected: number][] = [
  ["lnΓ(0.001)", logGamma(0.001), 6.907178885383853],
  ["lnΓ(0.5)", logGamma(0.5), 0.5723649429247],
  ["lnΓ(3.3)", logGamma(3.3), 0.9870985778947343],
  ["lnΓ(14.9)", logGamma(14.9), 24.924132002217277],
  ["lnΓ(15.1)", logGamma(15.1), 25.458999750992664],
  ["lnΓ(1e6)", logGamma(1e6), 12815504.569147611],
  ["P(0.5, 0.1)", gammaP(0.5, 0.1), 0.34527915398142317],
  ["Q(0.5, 40)", gammaQ(0.5, 40), 3.744097384202887e-19],
  ["P(3, 2.5)", gammaP(3, 2.5), 0.45618688411667035],
  ["Q(100, 120)", gammaQ(100, 120), 0.027863739890520652],
  ["P(1e5, 1e5 + 300)", gammaP(1e5, 1e5 + 300), 0.8286363112512075],
  ["P(1e5, 1e5 − 300)", gammaP(1e5, 1e5 - 300), 0.17141731451450296],
  ["Q(40000, 41000)", gammaQ(40_000, 41_000), 3.513900203493044e-7],
  ["I.3(0.5, 0.5)", betaI(0.3, 0.5, 0.5), 0.36901011956554536],
  ["I.01(2, 300)", betaI(0.01, 2, 300), 0.8038364237148571],
  ["I.5(1e5, 100200)", betaI(0.5, 1e5, 100_200), 0.6725592656081647],
  ["I.999(1000, 0.5)", betaI(0.999, 1000, 0.5), 0.15724727426672383],
  ["I1e-8(0.5, 10)", betaI(1e-8, 0.5, 10), 0.0003523940934320833],
  ["I.35(2000, 4000)", betaI(0.35, 2000, 4000), 0.9967346350912014],
  ["I⁻¹.025(0.5, 10.5)", betaInverse(0.025, 0.5, 10.5), 4.7890433157581876e-5],
  ["I⁻¹.975(0.5, 10.5)", betaInverse(0.975, 0.5, 10.5), 0.21719626750921053],
  ["I⁻¹.025(1800.5, 900.5)", betaInverse(0.025, 1800.5, 900.5), 0.6487143932740662],
  ["I⁻¹1e-10(3, 4)", betaInverse(1e-10, 3, 4), 0.0001710195302398643],
  ["I⁻¹.025(1e6, 10)", betaInverse(0.025, 1e6, 10), 0.9999829154193728],
  ["Φ(−30)", normalCdf(-30), 4.906713927147908e-198],
  ["Φ(−8)", normalCdf(-8), 6.22096057427174e-16],
  ["Φ(−1.96)", normalCdf(-1.96), 0.024997895148220435],
  ["Φ(5)", normalCdf(5), 0.9999997133484281],
  ["Φ⁻¹(1e-300)", normalQuantile(1e-300), -37.0470962993612],
  ["Φ⁻¹(1e-10)", normalQuantile(1e-10), -6.361340902404056],
  ["Φ⁻¹(0.3)", normalQuantile(0.3), -0.5244005127080409],
  ["z(0.05)", normalCritical(0.05), 1.9599639845400545],
  ["t tail 2.2, 10", tTwoSided(2.2, 10), 0.05244106844935316],
  ["t tail 50, 3", tTwoSided(50, 3), 1.761715204127197e-5],
  ["t tail 1.5, 1e6", tTwoSided(1.5, 1e6), 0.1336147182367928],
  ["t tail 0.1, 1.5", tTwoSided(0.1, 1.5), 0.9320414534869628],
  ["t tail 12, 700", tTwoSided(12, 700), 2.65904974870877e-30],
  ["t crit 0.05, 10", tCritical(0.05, 10), 2.2281388519862753],
  ["t crit 0.05, 1", tCritical(0.05, 1), 12.706204736174705],
  ["t crit 0.001, 3.7", tCritical(0.001, 3.7), 9.474240137124372],
  ["t crit 0.05, 12345.6", tCritical(0.05, 12_345.6), 1.9601561582595106],
  ["t crit 0.9, 8", tCritical(0.9, 8), 0.1297072715547177],
  ["t crit 1e-9, 30", tCritical(1e-9, 30), 8.72151122437306],
  ["χ² tail 3.84, 1", chiSquareTail(3.84, 1), 0.05004352124870519],
  ["χ² tail 500, 3", chiSquareTail(500, 3), 4.771672031912771e-108],
  ["χ² tail 90, 100", chiSquareTail(90, 100), 0.7531979655998298],
  ["χ²⁻¹ .95, 1", chiSquareQuantile(0.95, 1), 3.841458820694124],
  ["χ²⁻¹ .05, 30", chiSquareQuantile(0.05, 30), 18.49266098195347],
  ["χ²⁻¹ .999, 500", chiSquareQuantile(0.999, 500), 603.4460057951776],
  ["F tail 4, 1, 10", fTail(4, 1, 10), 0.07338803477074037],
  ["F tail 1, 5, 200", fTail(1, 5, 200), 0.4188924864715362],
  ["F⁻¹ .95, 3, 20", fQuantile(0.95, 3, 20), 3.098391212140781],
  ["F⁻¹ .05, 10, 5", fQuantile(0.05, 10, 5), 0.3006764139513029],
  ["binomial pmf 3, 10, .3", binomialPmf(3, 10, 0.3), 0.2668279319999998],
  ["binomial pmf 5000, 10000, .49", binomialPmf(5000, 10_000, 0.49), 0.0010793603893894633],
  ["binomial cdf 3, 10, .3", binomialCdf(3, 10, 0.3), 0.6496107184000002],
  ["binomial cdf 0, 50, .02", binomialCdf(0, 50, 0.02), 0.3641696800871171],
  ["binomial cdf 5000, 10000, .49", binomialCdf(5000, 10_000, 0.49), 0.9777976478701199],
  ["ζ(1.1)", zeta(1.1), 10.584448464950801],
  ["ζ(1.4)", zeta(1.4), 3.1055472779775815],
  ["ζ(10)", zeta(10), 1.0009945751278182],
];

test.each(cases)("%s", (name, actual, expected) => {
  expect(Math.abs(actual / expected - 1), name).toBeLessThan(TOLERANCE);
});

test("quantiles undo distribution functions", () => {
  const p = fc.double({ min: 1e-12, max: 1 - 1e-9, noNaN: true });
  fc.assert(fc.property(p, (value) => expectClose(normalCdf(normalQuantile(value)), value, 1e-10)));
  fc.assert(fc.property(p, fc.double({ min: 0.5, max: 1e5, noNaN: true }), (value, df) => expectClose(tCdf(tQuantile(value, df), df), value, 1e-8)));
  fc.assert(
    fc.property(p, fc.double({ min: 1, max: 1e5, noNaN: true }), fc.double({ min: 1, max: 1e5, noNaN: true }), (value, a, b) =>
      expectClose(betaI(betaInverse(value, a, b), a, b), value, 1e-8),
    ),
  );
});

test("the smallest k that reaches a probability", () => {
  expect(binomialQuantile(0.025, 600, 0.5)).toBe(276);
  expect(binomialQuantile(0.975, 100_000, 0.99)).toBe(99_061);
  expect(binomialQuantile(0, 10, 0.5)).toBe(0);
  expect(binomialQuantile(1, 10, 0.5)).toBe(10);
});

test("ends and impossible arguments", () => {
  expect([normalQuantile(0), normalQuantile(1), normalTwoSided(0)]).toEqual([-Infinity, Infinity, 1]);
  expect([tTwoSided(Infinity, 3), chiSquareTail(0, 2), fTail(0, 1, 2), gammaP(2, Infinity), gammaQ(2, 0)]).toEqual([0, 1, 1, 1, 1]);
  expect([tTwoSided(1, 0), tTwoSided(Number.NaN, 3), chiSquareTail(1, 0), normalTwoSided(Number.NaN)]).toEqual([
    Number.NaN,
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ]);
  expect([binomialPmf(0, 0, 0.5), binomialPmf(-1, 3, 0.5), binomialPmf(2, 2, 1), binomialCdf(-1, 3, 0.5), binomialCdf(3, 3, 0.5)]).toEqual([1, 0, 1, 0, 1]);
  expect(() => normalQuantile(1.5)).toThrow(RangeError);
  expect(() => logGamma(0)).toThrow(RangeError);
  expect(() => zeta(1)).toThrow(RangeError);
});
