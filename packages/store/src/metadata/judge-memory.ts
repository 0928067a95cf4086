import { TelltaleError } from "@telltale/model";
import type { Kysely, Transaction } from "kysely";
import { askAgain } from "./ask.ts";
import type { Tables } from "./tables.ts";

/** A corrected case that a version remembers. */
export interface StoredExample {
  traceId: string;
  sessionId: string;
  traceIds: string[];
  userIds: string[];
  input: string;
  output: string;
  verdict: string;
  why: string;
}

export interface StoredMemory {
  guidelines: string[];
  examples: StoredExample[];
}

/** What aligned versions of scorers learned. */
export class JudgeMemories {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** `undefined` = the version was not aligned. */
  async of(scorerId: string, version: number): Promise<StoredMemory | undefined> {
    const found = await askAgain(() =>
      this.#db.selectFrom("scorer_versions").select("guidelines").where("scorer_id", "=", scorerId).where("version", "=", version).executeTakeFirst(),
    );
    if (found === undefined || found.guidelines === null) return undefined;
    const rows = await askAgain(() =>
      this.#db.selectFrom("scorer_examples").selectAll().where("scorer_id", "=", scorerId).where("version", "=", version).orderBy("place").execute(),
    );
    return {
      guidelines: found.guidelines as string[], // written above
      examples: rows.map((row) => ({
        traceId: row.trace_id,
        sessionId: row.session_id,
        traceIds: row.trace_ids,
        userIds: row.user_ids,
        input: row.input,
        output: row.output,
        verdict: row.verdict,
        why: row.why,
      })),
    };
  }
}

/**
 * The next version of a scorer, with the definition of the one it was made from and what it learned. Throws `already_exists` when that one
 * is no longer what counts.
 */
export async function addAlignedVersion(
  db: Transaction<Tables>,
  base: { scorer_id: string; base_version: number },
  mode: "live" | "shadow",
  { guidelines, examples }: StoredMemory,
  nowMs: number,
): Promise<number> {
  const id = base.scorer_id;
  const versions = await db
    .selectFrom("scorer_versions")
    .select(["version", "serialized", "mode"])
    .where("scorer_id", "=", id)
    .orderBy("version", "desc")
    .forUpdate()
    .execute();
  const live = versions.find((version) => version.mode === "live");
  if (live?.version !== base.base_version)
    throw new TelltaleError(
      "already_exists",
      `The scorer got version ${live?.version ?? "–"} while version ${base.base_version} was being aligned; align again`,
    );
  // One version runs in the shadow at a time: a newer attempt takes its place.
  await db.updateTable("scorer_versions").set({ mode: "discarded" }).where("scorer_id", "=", id).where("mode", "=", "shadow").execute();
  const version = (versions[0]?.version ?? 0) + 1;
  await db
    .insertInto("scorer_versions")
    .values({ scorer_id: id, version, serialized: live.serialized, mode, guidelines: JSON.stringify(guidelines), created_ms: nowMs })
    .execute();
  const rows = examples.map((example, place) => ({
    scorer_id: id,
    version,
    place,
    trace_id: example.traceId,
    session_id: example.sessionId,
    trace_ids: example.traceIds,
    user_ids: example.userIds,
    input: example.input,
    output: example.output,
    verdict: example.verdict,
    why: example.why,
  }));
  if (rows.length > 0) await db.insertInto("scorer_examples").values(rows).execute();
  return version;
}
