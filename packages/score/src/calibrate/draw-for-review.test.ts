import fc from "fast-check";
import { expect, test } from "vitest";
import { drawForReview } from "./draw-for-review.ts";

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

test("as many as asked for are drawn, none twice, each with a chance", () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }), { maxLength: 300 }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer(),
      (scores, count, seed) => {
        const drawn = drawForReview(
          scores.map((score, index) => ({ traceId: String(index), score })),
          count,
          seeded(seed),
        );
        expect(Math.abs(drawn.length - Math.min(count, scores.length))).toBeLessThanOrEqual(1); // rounding at the very end
        expect(new Set(drawn.map(({ traceId }) => traceId)).size).toBe(drawn.length);
        expect(drawn.every(({ inclusion }) => inclusion > 0 && inclusion <= 1)).toBe(true);
      },
    ),
  );
});

test("the chance that is kept is the chance with which a trace is drawn, and doubt raises it", () => {
  const candidates = Array.from({ length: 100 }, (_, index) => ({ traceId: String(index), score: index < 20 ? 0.5 : 0.99 }));
  const random = seeded(7);
  const times = new Map<string, number>();
  const kept = new Map<string, number>();
  const rounds = 4_000;
  for (let round = 0; round < rounds; round += 1) {
    for (const { traceId, inclusion } of drawForReview(candidates, 20, random)) {
      times.set(traceId, (times.get(traceId) ?? 0) + 1);
      kept.set(traceId, inclusion);
    }
  }
  for (const [traceId, count] of times) expect(Math.abs(count / rounds - (kept.get(traceId) ?? 0))).toBeLessThan(0.035);
  expect(kept.get("0")).toBeGreaterThan(1.5 * (kept.get("50") ?? 1));
});
