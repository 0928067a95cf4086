import { randomUUID } from "node:crypto";
import { TelltaleError } from "@telltale/model";
import { type Kysely, type Selectable, sql } from "kysely";
import type { AlignmentCasesTable, AlignmentsTable } from "./alignment-tables.ts";
import { ask, askAgain, isDuplicate } from "./ask.ts";
import { addAlignedVersion, type StoredMemory } from "./judge-memory.ts";
import type { Tables } from "./tables.ts";

export type AlignmentState = "running" | "done" | "failed" | "cancelled";

/** One run that tries to align a scorer with its labels. `result` is JSON of the one who runs it. */
export interface Alignment {
  id: string;
  scorerId: string;
  /** The version that is aligned. */
  baseVersion: number;
  /** Numbers pass from here on. */
  threshold: number;
  state: AlignmentState;
  guidelines: string[] | undefined;
  /** The version that came of it. */
  version: number | undefined;
  result: unknown;
  error: string | undefined;
  /** US dollars; `undefined` = nothing of it is priced. */
  costUsd: number | undefined;
  /** Answers of models whose price is not known. */
  unpriced: number;
  createdMs: number;
  finishedMs: number | undefined;
  /** Verdicts that the run needs, and has. */
  total: number;
  done: number;
}

export interface NewAlignmentCase {
  /** Trace, or session for scorers of sessions. */
  entityId: string;
  /** Where the label lies. */
  traceId: string;
  sessionId: string;
  /** Whose content is judged, and in which traces it lies. */
  userIds: string[];
  traceIds: string[];
  half: "training" | "held_back";
  human: string;
  humanPass: boolean;
  humanWhy: string;
}

/** What a judge said of a case; all `undefined` = it gave no verdict. */
export interface CaseVerdict {
  value: string | undefined;
  pass: boolean | undefined;
  why: string | undefined;
}

export interface AlignmentCase extends NewAlignmentCase {
  /** `undefined` = not asked yet. */
  before: CaseVerdict | undefined;
  after: Omit<CaseVerdict, "why"> | undefined;
}

/** Runs of alignment with their cases, so that one goes on after a restart. */
export class Alignments {
  readonly #db: Kysely<Tables>;
  readonly #now: () => number;

  constructor(db: Kysely<Tables>, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** Throws `already_exists` while the scorer is being aligned. */
  async start(scorerId: string, baseVersion: number, threshold: number, cases: readonly NewAlignmentCase[]): Promise<Alignment> {
    const id = randomUUID();
    try {
      await ask(() =>
        this.#db.transaction().execute(async (db) => {
          await db
            .insertInto("alignments")
            .values({ id, scorer_id: scorerId, base_version: baseVersion, threshold, guidelines: undefined, result: undefined, created_ms: this.#now() })
            .execute();
          await db
            .insertInto("alignment_cases")
            .values(
              cases.map((item) => ({
                alignment_id: id,
                entity_id: item.entityId,
                trace_id: item.traceId,
                session_id: item.sessionId,
                user_ids: item.userIds,
                trace_ids: item.traceIds,
                half: item.half,
                human: item.human,
                human_pass: item.humanPass,
                human_why: item.humanWhy,
              })),
            )
            .execute();
        }),
      );
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new TelltaleError("already_exists", "This scorer is being aligned already; wait for that run, or cancel it", { cause: error });
    }
    return this.#existing(id);
  }

  async find(id: string): Promise<Alignment | undefined> {
    return /^[0-9a-f-]{36}$/.test(id) ? (await this.#read(sql`a.id = ${id}::uuid`, 1))[0] : undefined;
  }

  /** Newest first. */
  list(scorerId: string, limit: number): Promise<Alignment[]> {
    return this.#read(sql`a.scorer_id = ${scorerId}::uuid`, limit);
  }

  running(): Promise<Alignment[]> {
    return this.#read(sql`a.state = 'running'`, 1_000);
  }

  async cases(id: string): Promise<AlignmentCase[]> {
    const rows = await askAgain(() => this.#db.selectFrom("alignment_cases").selectAll().where("alignment_id", "=", id).orderBy("entity_id").execute());
    return rows.map(toCase);
  }

  async noteBefore(id: string, entityId: string, verdict: CaseVerdict): Promise<void> {
    await this.#note(id, entityId, {
      before_done: true,
      before_value: verdict.value ?? null,
      before_pass: verdict.pass ?? null,
      before_why: verdict.why ?? null,
    });
  }

  async noteAfter(id: string, entityId: string, verdict: Omit<CaseVerdict, "why">): Promise<void> {
    await this.#note(id, entityId, { after_done: true, after_value: verdict.value ?? null, after_pass: verdict.pass ?? null });
  }

  /** Counts what an answer cost into the run and into the scorer's day; `undefined` = its price is not known. */
  async spend(id: string, scorerId: string, costUsd: number | undefined): Promise<void> {
    await ask(() =>
      this.#db.transaction().execute(async (db) => {
        if (costUsd === undefined) {
          await db
            .updateTable("alignments")
            .set((eb) => ({ unpriced: eb("unpriced", "+", 1) }))
            .where("id", "=", id)
            .execute();
          return;
        }
        await sql`UPDATE alignments SET cost_usd = coalesce(cost_usd, 0) + ${costUsd} WHERE id = ${id}::uuid`.execute(db);
        await db.insertInto("judge_spending").values({ scorer_id: scorerId, at_ms: this.#now(), cost_usd: costUsd }).execute();
      }),
    );
  }

  async noteGuidelines(id: string, guidelines: readonly string[]): Promise<void> {
    await ask(() =>
      this.#db
        .updateTable("alignments")
        .set({ guidelines: JSON.stringify(guidelines) })
        .where("id", "=", id)
        .execute(),
    );
  }

  /**
   * The run is over and its version exists, both or neither. Throws `already_exists` when the scorer got another version meanwhile, and
   * `undefined` comes back when the run had ended (cancelled).
   */
  async finish(id: string, end: { mode: "live" | "shadow"; result: unknown; memory: StoredMemory }): Promise<Alignment | undefined> {
    const isDone = await ask(() =>
      this.#db.transaction().execute(async (db) => {
        const run = await db.selectFrom("alignments").selectAll().where("id", "=", id).where("state", "=", "running").forUpdate().executeTakeFirst();
        if (run === undefined) return false;
        const version = await addAlignedVersion(db, run, end.mode, end.memory, this.#now());
        await db
          .updateTable("alignments")
          .set({ state: "done", version, error: null, result: JSON.stringify(end.result), finished_ms: this.#now() })
          .where("id", "=", id)
          .execute();
        return true;
      }),
    );
    return isDone ? this.find(id) : undefined;
  }

  /** Why a run stands still; `undefined` = it goes on. */
  async noteWaiting(id: string, reason: string | undefined): Promise<void> {
    await ask(() =>
      this.#db
        .updateTable("alignments")
        .set({ error: reason ?? null })
        .where("id", "=", id)
        .where("state", "=", "running")
        .execute(),
    );
  }

  /** Of a run that has ended nothing changes any more. */
  async end(id: string, state: "failed" | "cancelled", error: string | undefined): Promise<void> {
    await ask(() =>
      this.#db
        .updateTable("alignments")
        .set({ state, error: error ?? null, finished_ms: this.#now() })
        .where("id", "=", id)
        .where("state", "=", "running")
        .execute(),
    );
  }

  async #note(id: string, entityId: string, change: Partial<Selectable<AlignmentCasesTable>>): Promise<void> {
    await ask(() => this.#db.updateTable("alignment_cases").set(change).where("alignment_id", "=", id).where("entity_id", "=", entityId).execute());
  }

  async #existing(id: string): Promise<Alignment> {
    const found = await this.find(id);
    if (found === undefined) throw new TelltaleError("not_found", `There is no alignment with id ${id}`);
    return found;
  }

  async #read(where: ReturnType<typeof sql>, limit: number): Promise<Alignment[]> {
    const { rows } = await askAgain(() =>
      sql<Selectable<AlignmentsTable> & { total: number; done: number }>`
        SELECT a.*, coalesce(c.total, 0)::integer AS total, coalesce(c.done, 0)::integer AS done FROM alignments AS a
        LEFT JOIN (SELECT alignment_id, count(*) + count(*) FILTER (WHERE half = 'held_back') AS total,
                     count(*) FILTER (WHERE before_done) + count(*) FILTER (WHERE after_done) AS done
                   FROM alignment_cases GROUP BY alignment_id) AS c ON c.alignment_id = a.id
        WHERE ${where} ORDER BY a.created_ms DESC LIMIT ${limit}`.execute(this.#db),
    );
    return rows.map(toAlignment);
  }
}

function toAlignment(row: Selectable<AlignmentsTable> & { total: number; done: number }): Alignment {
  return {
    id: row.id,
    scorerId: row.scorer_id,
    baseVersion: row.base_version,
    threshold: row.threshold,
    state: row.state,
    guidelines: (row.guidelines as string[] | null) ?? undefined, // written above
    version: row.version ?? undefined,
    result: row.result,
    error: row.error ?? undefined,
    costUsd: row.cost_usd ?? undefined,
    unpriced: row.unpriced,
    createdMs: row.created_ms,
    finishedMs: row.finished_ms ?? undefined,
    total: row.total,
    done: row.done,
  };
}

function toCase(row: Selectable<AlignmentCasesTable>): AlignmentCase {
  return {
    entityId: row.entity_id,
    traceId: row.trace_id,
    sessionId: row.session_id,
    userIds: row.user_ids,
    traceIds: row.trace_ids,
    half: row.half,
    human: row.human,
    humanPass: row.human_pass,
    humanWhy: row.human_why,
    before: row.before_done ? { value: row.before_value ?? undefined, pass: row.before_pass ?? undefined, why: row.before_why ?? undefined } : undefined,
    after: row.after_done ? { value: row.after_value ?? undefined, pass: row.after_pass ?? undefined } : undefined,
  };
}
