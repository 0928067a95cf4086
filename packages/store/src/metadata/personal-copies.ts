import { type Kysely, sql } from "kysely";
import { ask, askAgain } from "./ask.ts";
import type { Tables } from "./tables.ts";

/** Whose copies: of a person, and of traces that were theirs. */
export interface CopiesOf {
  /** `undefined` = all projects. */
  projectIds: readonly string[] | undefined;
  userId: string;
  traceIds: readonly string[];
}

/** Tables that hold copies of what was in traces. All have `trace_ids` and `user_ids`; `scorer` says how to get to theirs. */
const places = [
  { table: "scorer_examples", scorer: sql`copy.scorer_id` },
  { table: "alignment_cases", scorer: sql`(SELECT scorer_id FROM alignments WHERE alignments.id = copy.alignment_id)` },
  { table: "anchors", scorer: sql`copy.scorer_id` },
] as const;

/** What judges keep of people's traces beside the traces themselves, so that erasing a person reaches it. */
export class PersonalCopies {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async count(of: CopiesOf): Promise<number> {
    let count = 0;
    for (const { table, scorer } of places) {
      const { rows } = await askAgain(() =>
        sql<{ n: number }>`SELECT count(*) AS n FROM ${sql.table(table)} AS copy WHERE ${belongs(of, scorer)}`.execute(this.#db),
      );
      count += rows[0]?.n ?? 0;
    }
    return count;
  }

  /** Also from the tables' files, by writing them again: they are small. Returns how many there were. */
  async remove(of: CopiesOf): Promise<number> {
    let count = 0;
    for (const { table, scorer } of places) {
      const { numAffectedRows } = await ask(() => sql`DELETE FROM ${sql.table(table)} AS copy WHERE ${belongs(of, scorer)}`.execute(this.#db));
      if ((numAffectedRows ?? 0n) === 0n) continue;
      await ask(() => sql`VACUUM FULL ${sql.table(table)}`.execute(this.#db));
      count += Number(numAffectedRows);
    }
    return count;
  }
}

/** By the person as well as by their traces: a trace may have gone since, and a trace may have got its user later. */
function belongs({ projectIds, userId, traceIds }: CopiesOf, scorer: ReturnType<typeof sql>) {
  const theirs = sql`(${userId} = ANY (copy.user_ids) OR copy.trace_ids && ${[...traceIds]}::text[])`;
  if (projectIds === undefined) return theirs;
  return sql`${theirs} AND ${scorer} IN (SELECT id FROM scorers WHERE project_id = ANY (${projectIds.map(Number)}::integer[]))`;
}
