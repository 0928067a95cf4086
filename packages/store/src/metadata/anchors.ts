import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { ask, askAgain } from "./ask.ts";
import type { Tables } from "./tables.ts";

/** The frozen labelled traces of one scorer, and when it is asked about them next. */
export interface AnchorSet {
  scorerId: string;
  /** Changes when it is frozen anew: runs of different sets say nothing about each other. */
  setId: string;
  threshold: number;
  intervalHours: number;
  /** 0 = somebody asked for it now. */
  nextRunMs: number;
  createdMs: number;
  count: number;
}

export interface Anchor {
  entityId: string;
  traceIds: string[];
  userIds: string[];
  humanPass: boolean;
  /** JSON text of what is judged. */
  subject: string;
}

/** What a judge said of a set at one time. */
export interface AnchorRun {
  id: string;
  scorerId: string;
  setId: string;
  version: number;
  state: "running" | "done" | "failed";
  error: string | undefined;
  costUsd: number | undefined;
  startedMs: number;
  finishedMs: number | undefined;
  truePass: number;
  falsePass: number;
  falseFail: number;
  trueFail: number;
  /** Anchors without a verdict. */
  failed: number;
}

/** Anchor sets, in PostgreSQL: content is copied, so that traces may go. */
export class Anchors {
  readonly #db: Kysely<Tables>;
  readonly #now: () => number;

  constructor(db: Kysely<Tables>, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** Freezes a set; one that was there is replaced, its runs stay. It is run at once. */
  async freeze(
    scorerId: string,
    { threshold, intervalHours, anchors }: { threshold: number; intervalHours: number; anchors: readonly Anchor[] },
  ): Promise<void> {
    await ask(() =>
      this.#db.transaction().execute(async (db) => {
        await db.deleteFrom("anchor_sets").where("scorer_id", "=", scorerId).execute();
        await db
          .insertInto("anchor_sets")
          .values({ scorer_id: scorerId, set_id: randomUUID(), threshold, interval_hours: intervalHours, next_run_ms: 0, created_ms: this.#now() })
          .execute();
        await db
          .insertInto("anchors")
          .values(
            anchors.map((anchor) => ({
              scorer_id: scorerId,
              entity_id: anchor.entityId,
              trace_ids: anchor.traceIds,
              user_ids: anchor.userIds,
              human_pass: anchor.humanPass,
              subject: anchor.subject,
            })),
          )
          .execute();
      }),
    );
  }

  async find(scorerId: string): Promise<AnchorSet | undefined> {
    return (await this.#sets(sql`scorer_id = ${scorerId}::uuid`))[0];
  }

  /** Sets whose time has come. */
  due(): Promise<AnchorSet[]> {
    return this.#sets(sql`next_run_ms <= ${this.#now()}`);
  }

  async configure(scorerId: string, change: { intervalHours?: number; nextRunMs?: number }): Promise<void> {
    const set = {
      ...(change.intervalHours === undefined ? {} : { interval_hours: change.intervalHours }),
      ...(change.nextRunMs === undefined ? {} : { next_run_ms: change.nextRunMs }),
    };
    await ask(() => this.#db.updateTable("anchor_sets").set(set).where("scorer_id", "=", scorerId).execute());
  }

  /** The set goes with its contents; what was measured stays. */
  async remove(scorerId: string): Promise<void> {
    await ask(() => this.#db.deleteFrom("anchor_sets").where("scorer_id", "=", scorerId).execute());
  }

  async anchors(scorerId: string): Promise<Anchor[]> {
    const rows = await askAgain(() => this.#db.selectFrom("anchors").selectAll().where("scorer_id", "=", scorerId).orderBy("entity_id").execute());
    return rows.map((row) => ({ entityId: row.entity_id, traceIds: row.trace_ids, userIds: row.user_ids, humanPass: row.human_pass, subject: row.subject }));
  }

  /** The run of a set that is not over, or a new one. */
  async openRun(set: AnchorSet, version: number): Promise<AnchorRun> {
    const [last] = await this.runs(set.scorerId, 1);
    if (last?.state === "running" && last.setId === set.setId) return last;
    const id = randomUUID();
    await ask(() => this.#db.insertInto("anchor_runs").values({ id, scorer_id: set.scorerId, set_id: set.setId, version, started_ms: this.#now() }).execute());
    const [opened] = await this.runs(set.scorerId, 1);
    if (opened === undefined) throw new Error(`the run ${id} of anchors is gone`); // its scorer was deleted meanwhile
    return opened;
  }

  /** Verdicts of a run by trace or session; `null` = it gave none. */
  async verdicts(runId: string): Promise<Map<string, boolean | null>> {
    const rows = await askAgain(() => this.#db.selectFrom("anchor_verdicts").select(["entity_id", "judge_pass"]).where("run_id", "=", runId).execute());
    return new Map(rows.map((row) => [row.entity_id, row.judge_pass]));
  }

  /** A verdict with what its answers cost, which counts into the scorer's day. */
  async note(run: AnchorRun, anchor: Anchor, judgePass: boolean | undefined, costUsd: number | undefined): Promise<void> {
    await ask(() =>
      this.#db.transaction().execute(async (db) => {
        await db
          .insertInto("anchor_verdicts")
          .values({ run_id: run.id, entity_id: anchor.entityId, human_pass: anchor.humanPass, judge_pass: judgePass ?? null })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        if (costUsd === undefined) return;
        await sql`UPDATE anchor_runs SET cost_usd = coalesce(cost_usd, 0) + ${costUsd} WHERE id = ${run.id}::uuid`.execute(db);
        await db.insertInto("judge_spending").values({ scorer_id: run.scorerId, at_ms: this.#now(), cost_usd: costUsd }).execute();
      }),
    );
  }

  async endRun(run: AnchorRun, state: "done" | "failed", error?: string): Promise<void> {
    const change = { state, error: error ?? null, finished_ms: this.#now() };
    await ask(() => this.#db.updateTable("anchor_runs").set(change).where("id", "=", run.id).execute());
  }

  /** Newest first. */
  async runs(scorerId: string, limit: number): Promise<AnchorRun[]> {
    const { rows } = await askAgain(() =>
      sql<RunRow>`
        SELECT r.*, coalesce(v.tp, 0)::integer AS tp, coalesce(v.fp, 0)::integer AS fp, coalesce(v.fn, 0)::integer AS fn, coalesce(v.tn, 0)::integer AS tn, coalesce(v.failed, 0)::integer AS failed
        FROM (SELECT * FROM anchor_runs WHERE scorer_id = ${scorerId}::uuid ORDER BY started_ms DESC LIMIT ${limit}) AS r
        LEFT JOIN LATERAL (
          SELECT count(*) FILTER (WHERE human_pass AND judge_pass) AS tp, count(*) FILTER (WHERE NOT human_pass AND judge_pass) AS fp,
            count(*) FILTER (WHERE human_pass AND NOT judge_pass) AS fn, count(*) FILTER (WHERE NOT human_pass AND NOT judge_pass) AS tn,
            count(*) FILTER (WHERE judge_pass IS NULL) AS failed
          FROM anchor_verdicts WHERE run_id = r.id) AS v ON true
        ORDER BY r.started_ms DESC`.execute(this.#db),
    );
    return rows.map((row) => ({
      id: row.id,
      scorerId: row.scorer_id,
      setId: row.set_id,
      version: row.version,
      state: row.state,
      error: row.error ?? undefined,
      costUsd: row.cost_usd ?? undefined,
      startedMs: row.started_ms,
      finishedMs: row.finished_ms ?? undefined,
      truePass: row.tp,
      falsePass: row.fp,
      falseFail: row.fn,
      trueFail: row.tn,
      failed: row.failed,
    }));
  }

  async #sets(where: ReturnType<typeof sql>): Promise<AnchorSet[]> {
    const { rows } = await askAgain(() =>
      sql<{ scorer_id: string; set_id: string; threshold: number; interval_hours: number; next_run_ms: number; created_ms: number; count: number }>`
        SELECT s.*, (SELECT count(*)::integer FROM anchors WHERE anchors.scorer_id = s.scorer_id) AS count FROM anchor_sets AS s WHERE ${where} LIMIT 1000`.execute(
        this.#db,
      ),
    );
    return rows.map((row) => ({
      scorerId: row.scorer_id,
      setId: row.set_id,
      threshold: row.threshold,
      intervalHours: row.interval_hours,
      nextRunMs: row.next_run_ms,
      createdMs: row.created_ms,
      count: row.count,
    }));
  }
}

interface RunRow {
  id: string;
  scorer_id: string;
  set_id: string;
  version: number;
  state: AnchorRun["state"];
  error: string | null;
  cost_usd: number | null;
  started_ms: number;
  finished_ms: number | null;
  tp: number;
  fp: number;
  fn: number;
  tn: number;
  failed: number;
}
