import { assistDeveloper } from "./coding/assist.ts";
import { reviewContract } from "./contracts/review.ts";
import { summariseTickets } from "./digest/digest.ts";
import { Random } from "./random.ts";
import type { DemoTrace, Scenario } from "./scene.ts";
import { backfillTimes, STORY_MS, startTimes, weatherAt } from "./story.ts";
import { supportConversation } from "./support/conversation.ts";
import { planTrip } from "./travel/trip.ts";

/** The applications and their share of what begins; a support conversation makes one and a half traces. */
const scenarios: readonly (readonly [Scenario, number])[] = [
  [supportConversation, 56],
  [planTrip, 20],
  [summariseTickets, 14],
  [assistDeveloper, 10],
  [reviewContract, 1],
];

export interface GenerateOptions {
  /** About how many traces. */
  traces: number;
  /** The demo's story ends here. */
  endMs: number;
  seed: number;
  /** How long it looks back; default is the week of the story. */
  lengthMs?: number;
}

/** The demo's traces, oldest first. The same options give the same traces, ids included. */
export function* generateTraces({ traces, endMs, seed, lengthMs = STORY_MS }: GenerateOptions): Generator<DemoTrace> {
  // The end is part of the seed: a demo that is made again after its removal has ids of its own.
  const random = new Random(seed * 1e9 + Math.floor(endMs / 1000));
  const people = startTimes(random, Math.round(traces / 1.33), endMs, lengthMs).map((startMs) => ({ startMs, scenario: random.weighted(scenarios) }));
  const backfill = backfillTimes(endMs).map((startMs) => ({ startMs, scenario: summariseTickets }));
  for (const { startMs, scenario } of [...people, ...backfill].toSorted((a, b) => a.startMs - b.startMs)) {
    const weather = weatherAt(endMs - startMs);
    yield* scenario({
      random,
      startMs,
      endMs,
      weather,
      environment: random.chance(0.93) ? "production" : "staging",
    });
  }
}
