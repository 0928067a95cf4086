import type { Random } from "./random.ts";
import type { Weather } from "./story.ts";
import type { DemoSpan, Service } from "./trace-builder.ts";

/** What a scenario is told when it is to act. */
export interface Scene {
  random: Random;
  startMs: number;
  /** No trace may start later: the demo ends now. */
  endMs: number;
  weather: Weather;
  environment: "production" | "staging";
}

export interface Judgement {
  name: string;
  value: number | boolean | string;
  source: { type: "HUMAN" | "LLM_JUDGE" | "CODE"; id: string };
  rationale?: string;
  metadata?: Record<string, string>;
  kind?: "feedback" | "expectation";
  /** How long after the trace it was given. */
  afterMs: number;
}

export interface DemoTrace {
  traceId: string;
  spans: DemoSpan[];
  judgements: Judgement[];
}

/** One application of the demo. A scene may take several traces: the turns of a session. */
export type Scenario = (scene: Scene) => DemoTrace[];

export function serviceOf(scene: Scene, name: string): Service {
  return { name, version: scene.weather.version, environment: scene.environment, instance: `${name}-${scene.random.pick(["7d9f4", "c51be", "02a8e"])}` };
}

/** Who asks. A few people ask often, most rarely. */
export function someUser(random: Random): string {
  const rank = Math.min(399, Math.floor(Math.abs(random.normal()) * 130));
  return `user-${(7919 * (rank + 11)) % 9973}`;
}
