import type { Random } from "./random.ts";
import type { Judgement, Scene } from "./scene.ts";

const praise = [
  "Exactly what I needed, thank you!",
  "Solved it in one go.",
  "Clear steps, worked the first time.",
  "Nice that it told me where to find the setting.",
  "Fast and correct.",
  "Better than waiting on the phone.",
];
const complaints = [
  "That is not what the manual says.",
  "It invented a menu that does not exist in my app.",
  "Took forever and then told me to contact support.",
  "The answer is for the older model, I said which one I have.",
  "It repeated the same advice I already tried.",
  "Wrong amount, my invoice says something else.",
  "Much too long, the one sentence I needed was at the end.",
];
const reviewers = ["mara.lindqvist", "j.okafor", "priya.n"];

/** A thumb from the person who asked: few give one, the unhappy more often, and some press the wrong one. */
export function thumbs(random: Random, quality: number): Judgement[] {
  if (!random.chance(quality < 0.5 ? 0.2 : 0.09)) return [];
  const happy = random.unit() < 0.06 + 0.9 * smooth(quality);
  const rationale = random.chance(0.55) ? random.pick(happy ? praise : complaints) : undefined;
  return [
    {
      name: "user_feedback",
      value: happy,
      source: { type: "HUMAN", id: "end-user" },
      afterMs: random.logNormal(40_000, 0.8),
      ...(rationale === undefined ? {} : { rationale }),
    },
  ];
}

/** A judge's mark between 0 and 1 in steps of 0.05. It drifts: see the week's weather. */
export function judged(scene: Scene, name: string, quality: number, rationale: (score: number) => string): Judgement[] {
  const { random, weather } = scene;
  if (!random.chance(0.4)) return [];
  const noisy = quality + weather.judgeDrift * (1 - quality) + random.normal() * 0.09;
  const score = Math.round(Math.min(1, Math.max(0, noisy)) * 20) / 20;
  return [
    {
      name,
      value: score,
      source: { type: "LLM_JUDGE", id: "judge-gpt-4.1-mini" },
      rationale: rationale(score),
      metadata: { judge_version: weather.judgeDrift > 0 ? "2026-b" : "2026-a", sample_rate: "0.4" },
      afterMs: random.logNormal(14_000, 0.4),
    },
  ];
}

/** Reviewers look at a few traces a day and mark them by the guideline, not by the judge. */
export function reviewed(random: Random, quality: number): Judgement[] {
  if (!random.chance(0.025)) return [];
  const correct = quality + random.normal() * 0.08 > 0.55;
  const rationale = correct ? "Matches the article; steps are complete." : "Contradicts the article or answers another question.";
  return [
    {
      name: "correctness",
      value: correct ? "correct" : "incorrect",
      source: { type: "HUMAN", id: random.pick(reviewers) },
      rationale,
      afterMs: random.logNormal(9_000_000, 0.7),
    },
  ];
}

function smooth(quality: number): number {
  return 1 / (1 + Math.exp(-9 * (quality - 0.5)));
}
