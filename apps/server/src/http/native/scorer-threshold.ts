import { answersOf, passThreshold, readSerializedScorer } from "@telltale/score";

/** The scorer that is registered under a name, as MLflow writes scorers. */
export type ScorerNamed = (projectId: string, name: string) => Promise<{ serialized: string } | undefined>;

/** From where on numbers of that name pass: by the scorer's own scale, else by the values. Feedback of people, or of a scorer that was deleted, has a rate too. */
export async function scorerThreshold(
  scorerNamed: ScorerNamed,
  { projectId, name }: { projectId: string; name: string },
  values: Iterable<string | undefined>,
): Promise<number | undefined> {
  const registered = await scorerNamed(projectId, name);
  return passThreshold(registered === undefined ? undefined : answersOf(readSerializedScorer(registered.serialized)), values);
}
