import { TelltaleError } from "@telltale/model";
import type { Kysely, Selectable } from "kysely";
import { ask, askAgain, isDuplicate } from "./ask.ts";
import type { RepriceJobsTable, Tables } from "./tables.ts";

export type RepriceState = "running" | "done" | "failed" | "cancelled";

/** A run over stored spans. `question` and `progress` are JSON of the one who runs it. */
export interface RepriceJob {
  id: string;
  state: RepriceState;
  question: unknown;
  progress: unknown;
  error: string | undefined;
  createdMs: number;
  updatedMs: number;
}

/** Runs of repricing, so that one goes on after a restart where it was. At most one runs. */
export class RepriceJobs {
  readonly #db: Kysely<Tables>;
  readonly #now: () => number;

  constructor(db: Kysely<Tables>, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** Throws `already_exists` while another one runs. */
  async create(question: unknown, progress: unknown): Promise<RepriceJob> {
    const now = this.#now();
    const row = { state: "running" as const, question: JSON.stringify(question), progress: JSON.stringify(progress), error: null };
    try {
      return toJob(
        await ask(() =>
          this.#db
            .insertInto("reprice_jobs")
            .values({ ...row, created_ms: now, updated_ms: now })
            .returningAll()
            .executeTakeFirstOrThrow(),
        ),
      );
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new TelltaleError("already_exists", "Prices are being applied already; wait for that run, or cancel it", { cause: error });
    }
  }

  async find(id: string): Promise<RepriceJob | undefined> {
    if (!/^[1-9]\d{0,8}$/.test(id)) return undefined;
    const row = await askAgain(() => this.#db.selectFrom("reprice_jobs").selectAll().where("id", "=", Number(id)).executeTakeFirst());
    return row && toJob(row);
  }

  /** Newest first. */
  async list(limit: number): Promise<RepriceJob[]> {
    const rows = await askAgain(() => this.#db.selectFrom("reprice_jobs").selectAll().orderBy("id", "desc").limit(limit).execute());
    return rows.map(toJob);
  }

  /** Of a run that was ended (cancelled) nothing changes any more; then undefined. */
  async update(id: string, change: { state?: RepriceState; progress?: unknown; error?: string }): Promise<RepriceJob | undefined> {
    const { state, progress, error } = change;
    const row = await ask(() =>
      this.#db
        .updateTable("reprice_jobs")
        .set({
          ...(state === undefined ? {} : { state }),
          ...(progress === undefined ? {} : { progress: JSON.stringify(progress) }),
          ...(error === undefined ? {} : { error }),
          updated_ms: this.#now(),
        })
        .where("id", "=", Number(id))
        .where("state", "=", "running")
        .returningAll()
        .executeTakeFirst(),
    );
    return row && toJob(row);
  }
}

function toJob(row: Selectable<RepriceJobsTable>): RepriceJob {
  return {
    id: String(row.id),
    state: row.state,
    question: row.question,
    progress: row.progress,
    error: row.error ?? undefined,
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
  };
}
