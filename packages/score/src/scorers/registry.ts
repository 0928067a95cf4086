import { builtIn, type BuiltInScorer } from "../scorer.ts";
import { piiDetection } from "./pii-detection.ts";
import { regexMatch } from "./regex-match.ts";
import { responseLength } from "./response-length.ts";

/** Every built-in scorer. Parameters are checked with each scorer's own schema before it runs. */
export const scorers: readonly BuiltInScorer[] = [builtIn(responseLength), builtIn(regexMatch), builtIn(piiDetection)];

const byName = new Map(scorers.map((scorer) => [scorer.name, scorer]));

export function findScorer(name: string): BuiltInScorer | undefined {
  return byName.get(name);
}
