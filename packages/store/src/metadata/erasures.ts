import { TelltaleError } from "@telltale/model";
import type { Kysely, Selectable } from "kysely";
import { ask, askAgain, isDuplicate } from "./ask.ts";
import type { ErasuresTable, Tables } from "./tables.ts";

export interface Erasure {
  id: string;
  /** SHA-256 of the user id: proves that somebody was erased to whoever knows the id, and tells nobody else. */
  subjectSha256: string;
  /** Undefined = all. */
  projectIds: string[] | undefined;
  requestedBy: string;
  state: "running" | "done" | "failed";
  step: string;
  counts: Record<string, number>;
  tracesSha256: string | undefined;
  error: string | undefined;
  createdMs: number;
  finishedMs: number | undefined;
}

export interface ErasureChange {
  state?: Erasure["state"];
  step?: string;
  counts?: Record<string, number>;
  tracesSha256?: string;
  error?: string | null;
}

/** Receipts of erasures, and how far those are that run. They are never removed. */
export class Erasures {
  readonly #db: Kysely<Tables>;
  readonly #now: () => number;

  constructor(db: Kysely<Tables>, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** Throws `already_exists` while the same person is being erased. */
  async create(input: Pick<Erasure, "id" | "subjectSha256" | "projectIds" | "requestedBy" | "step" | "counts">): Promise<Erasure> {
    const now = this.#now();
    try {
      const row = await ask(() =>
        this.#db
          .insertInto("erasures")
          .values({
            id: input.id,
            subject_sha256: input.subjectSha256,
            project_ids: JSON.stringify(input.projectIds ?? null),
            requested_by: input.requestedBy,
            state: "running",
            step: input.step,
            counts: JSON.stringify(input.counts),
            traces_sha256: null,
            error: null,
            created_ms: now,
            updated_ms: now,
            finished_ms: null,
          })
          .returningAll()
          .executeTakeFirstOrThrow(),
      );
      return toErasure(row);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new TelltaleError("already_exists", "This user is being erased already; GET /api/v1/erasures shows how far it is", { cause: error });
    }
  }

  async find(id: string): Promise<Erasure | undefined> {
    const row = await askAgain(() => this.#db.selectFrom("erasures").selectAll().where("id", "=", id).executeTakeFirst());
    return row && toErasure(row);
  }

  /** Newest first; of one person when `subjectSha256` is given. */
  async list(limit: number, subjectSha256?: string): Promise<Erasure[]> {
    const rows = await askAgain(() => {
      const query = this.#db.selectFrom("erasures").selectAll().orderBy("created_ms", "desc").orderBy("id").limit(limit);
      return (subjectSha256 === undefined ? query : query.where("subject_sha256", "=", subjectSha256)).execute();
    });
    return rows.map(toErasure);
  }

  async update(id: string, change: ErasureChange): Promise<void> {
    const { state, step, counts, tracesSha256, error } = change;
    const now = this.#now();
    await ask(() =>
      this.#db
        .updateTable("erasures")
        .set({
          ...(state === undefined ? {} : { state, finished_ms: state === "running" ? null : now }),
          ...(step === undefined ? {} : { step }),
          ...(counts === undefined ? {} : { counts: JSON.stringify(counts) }),
          ...(tracesSha256 === undefined ? {} : { traces_sha256: tracesSha256 }),
          ...(error === undefined ? {} : { error }),
          updated_ms: now,
        })
        .where("id", "=", id)
        .execute(),
    );
  }
}

function toErasure(row: Selectable<ErasuresTable>): Erasure {
  return {
    id: row.id,
    subjectSha256: row.subject_sha256,
    projectIds: (row.project_ids as string[] | null) ?? undefined, // written above
    requestedBy: row.requested_by,
    state: row.state,
    step: row.step,
    counts: row.counts as Record<string, number>, // written above
    tracesSha256: row.traces_sha256 ?? undefined,
    error: row.error ?? undefined,
    createdMs: row.created_ms,
    finishedMs: row.finished_ms ?? undefined,
  };
}
