import { cacheMisses } from "./cache-misses.ts";
import { contextGrowth } from "./context-growth.ts";
import { loops } from "./loops.ts";
import { oversizedOutput } from "./oversized-output.ts";
import type { PatternRule } from "./pattern-rule.ts";
import { uselessRetries } from "./useless-retries.ts";

/** In the order of their claims: what should not have been asked at all comes before what could have been asked cheaper. */
export const patternRules: readonly PatternRule[] = [uselessRetries, loops, contextGrowth, cacheMisses, oversizedOutput];
