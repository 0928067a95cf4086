import { answersOf, passThreshold, readSerializedScorer } from "@telltale/score";
import type { StoredScorer } from "@telltale/store";

/** A scorer as registered under a name: its live version, and all. */
export interface RegisteredScorer {
  /** As MLflow writes scorers. */
  serialized: string;
  version: number;
  versions: readonly Pick<StoredScorer, "version" | "serialized" | "guidelines">[];
}

export type ScorerNamed = (projectId: string, name: string) => Promise<RegisteredScorer | undefined>;

/** From where on numbers of that name pass: by the scorer's own scale, else by the values. Feedback of people, or of a scorer that was deleted, has a rate too. */
export function scorerThreshold(registered: { serialized: string } | undefined, values: Iterable<string | undefined>): number | undefined {
  return passThreshold(registered === undefined ? undefined : answersOf(readSerializedScorer(registered.serialized)), values);
}
