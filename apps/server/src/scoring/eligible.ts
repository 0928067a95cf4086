import type { Filter } from "@telltale/model/filter";
import { parseFilter } from "@telltale/model/filter";

/** Complete, and made neither by an evaluation nor by a judge: see `chooseTasks`, which says the same of settled traces. */
const SCORABLE =
  "complete = true AND metadata.`mlflow.sourceRun` IS NULL AND (tags.`telltale.source` IS NULL OR tags.`telltale.source` NOT IN ('judge', 'evaluation'))";

/** The traces that a scorer with these filters could score. Throws `filter_invalid`. */
export function eligibleFilter(...filters: readonly (string | undefined)[]): Filter {
  const items = [SCORABLE, ...filters].flatMap((text) => {
    const filter = text === undefined || text.trim() === "" ? undefined : parseFilter(text);
    return filter === undefined ? [] : [filter];
  });
  return { kind: "and", items };
}
