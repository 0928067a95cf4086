import { type Kysely, sql } from "kysely";
import { askAgain } from "./ask.ts";
import type { StoredScorer } from "./scorers.ts";
import type { Tables } from "./tables.ts";

/** How the tasks of one version of a scorer stand whose traces began in a window. */
export interface ScoreReport {
  waiting: number;
  running: number;
  scored: number;
  failed: number;
  skipped: number;
  /** By reason, most frequent first; waiting ones that were postponed say why too. */
  reasons: { state: string; reason: string; count: number }[];
  /** Milliseconds from settlement to the first start; `undefined` = none has started. */
  lagP50Ms: number | undefined;
  lagP95Ms: number | undefined;
  /** `undefined` = nothing was priced. */
  costUsd: number | undefined;
  oldestWaitingMs: number | undefined;
}

/** Which tasks: those of one version, so that a trace counts once. */
export type ScorerVersion = Pick<StoredScorer, "id" | "version">;

function windowOf({ id, version }: ScorerVersion, fromMs: number, toMs: number) {
  return sql`scorer_id = ${id}::uuid AND version = ${version} AND began_ms >= ${fromMs} AND began_ms < ${toMs}`;
}

/** How far the newest backfill of a version has come. */
export interface BackfillProgress {
  state: "running" | "done" | "cancelled";
  fromNs: bigint;
  toNs: bigint;
  /** Tasks that it made so far, and those of them that have ended. More may come while it runs. */
  added: number;
  ended: number;
}

/** Figures about the outbox, for people. */
export class ScoreReports {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async of(scorer: ScorerVersion, fromMs: number, toMs: number): Promise<ScoreReport> {
    const window = windowOf(scorer, fromMs, toMs);
    const [counts, figures] = await Promise.all([
      askAgain(() =>
        sql<{ state: string; reason: string | null; count: number }>`
          SELECT state, reason, count(*) AS count FROM score_tasks WHERE ${window} GROUP BY state, reason ORDER BY count DESC LIMIT 200`.execute(this.#db),
      ),
      askAgain(() =>
        sql<{ p50: number | null; p95: number | null; cost: number | null; oldest: number | null }>`
          SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY started_ms - settled_ms) FILTER (WHERE started_ms IS NOT NULL AND level = 'trace') AS p50,
                 percentile_cont(0.95) WITHIN GROUP (ORDER BY started_ms - settled_ms) FILTER (WHERE started_ms IS NOT NULL AND level = 'trace') AS p95,
                 sum(cost_usd) AS cost, min(settled_ms) FILTER (WHERE state = 'waiting') AS oldest
          FROM score_tasks WHERE ${window}`.execute(this.#db),
      ),
    ]);
    const sum = (state: string): number => counts.rows.reduce((total, row) => total + (row.state === state ? row.count : 0), 0);
    const [figure] = figures.rows;
    return {
      waiting: sum("waiting"),
      running: sum("running"),
      scored: sum("scored"),
      failed: sum("failed"),
      skipped: sum("skipped"),
      reasons: counts.rows.flatMap(({ state, reason, count }) => (reason === null ? [] : [{ state, reason, count }])),
      lagP50Ms: figure?.p50 ?? undefined,
      lagP95Ms: figure?.p95 ?? undefined,
      costUsd: figure?.cost ?? undefined,
      oldestWaitingMs: figure?.oldest ?? undefined,
    };
  }

  /** `undefined` = this version never scored the past. */
  async backfill({ id, version }: ScorerVersion): Promise<BackfillProgress | undefined> {
    const { rows } = await askAgain(() =>
      sql<{ state: BackfillProgress["state"]; from_ns: string; to_ns: string; added: number; open: number }>`
        SELECT state, from_ns::text AS from_ns, to_ns::text AS to_ns, added,
               (SELECT count(*) FROM score_tasks AS task WHERE task.scorer_id = of.scorer_id AND task.version = of.version AND task.origin = 'backfill'
                  AND task.settled_ms >= of.created_ms AND task.state IN ('waiting', 'running')) AS open
        FROM score_backfills AS of WHERE scorer_id = ${id}::uuid AND version = ${version} ORDER BY created_ms DESC LIMIT 1`.execute(this.#db),
    );
    const [row] = rows;
    return row && { state: row.state, fromNs: BigInt(row.from_ns), toNs: BigInt(row.to_ns), added: row.added, ended: Math.max(0, row.added - row.open) };
  }

  /** How many traces or sessions of a window have a task, and which: all of them, or `limit` drawn by a hash of their ids when there are more. */
  async drawTaken(scorer: ScorerVersion, fromMs: number, toMs: number, limit: number): Promise<{ count: number; drawn: string[] }> {
    const window = windowOf(scorer, fromMs, toMs);
    const [counted, drawn] = await Promise.all([
      askAgain(() => sql<{ count: number }>`SELECT count(DISTINCT entity_id) AS count FROM score_tasks WHERE ${window}`.execute(this.#db)),
      askAgain(() =>
        sql<{ entity_id: string }>`SELECT entity_id FROM score_tasks WHERE ${window} GROUP BY entity_id ORDER BY md5(entity_id) LIMIT ${limit}`.execute(
          this.#db,
        ),
      ),
    ]);
    return { count: counted.rows[0]?.count ?? 0, drawn: drawn.rows.map((row) => row.entity_id) };
  }

  /** What a scored task of this scorer has cost and taken on average, over its last 1,000; `undefined` = none was scored (or priced). */
  async experience(scorerId: string): Promise<{ costUsd: number | undefined; durationMs: number | undefined }> {
    const { rows } = await askAgain(() =>
      sql<{ cost: number | null; duration: number | null }>`
        SELECT avg(cost_usd) AS cost, avg(finished_ms - started_ms)::double precision AS duration
        FROM (SELECT cost_usd, finished_ms, started_ms FROM score_tasks WHERE scorer_id = ${scorerId}::uuid AND state = 'scored' ORDER BY settled_ms DESC LIMIT 1000) AS recent`.execute(
        this.#db,
      ),
    );
    return { costUsd: rows[0]?.cost ?? undefined, durationMs: rows[0]?.duration ?? undefined };
  }

  /** What each of these scorers (default: all) has spent on judges since `fromMs`: scores, live or in the shadow, alignment and anchors. Absent = nothing priced. */
  async spentSince(fromMs: number, scorerIds?: readonly string[]): Promise<Map<string, number>> {
    const isWanted = scorerIds === undefined ? sql`true` : sql`scorer_id = ANY (${[...scorerIds]}::uuid[])`;
    const { rows } = await askAgain(() =>
      sql<{ scorer_id: string; cost: number }>`
        SELECT scorer_id, sum(cost_usd) AS cost FROM (
          SELECT scorer_id, cost_usd FROM score_tasks WHERE ${isWanted} AND coalesce(finished_ms, started_ms) >= ${fromMs} AND cost_usd IS NOT NULL
          UNION ALL SELECT scorer_id, cost_usd FROM judge_spending WHERE ${isWanted} AND at_ms >= ${fromMs}) AS spent
        GROUP BY scorer_id`.execute(this.#db),
    );
    return new Map(rows.map((row) => [row.scorer_id, row.cost]));
  }

  /** What one scorer has spent since `fromMs` as `spentSince` counts it, its dearest judgement (`undefined` = none priced), and whether any came to an end. */
  async spendingOf(scorerId: string, fromMs: number): Promise<{ spentUsd: number; dearestUsd: number | undefined; hasEnded: boolean }> {
    const { rows } = await askAgain(() =>
      sql<{ spent: number | null; dearest: number | null; ended: boolean | null; other: number | null }>`
        SELECT sum(cost_usd) AS spent, max(cost_usd) AS dearest, bool_or(state IN ('scored', 'failed')) AS ended,
          (SELECT sum(cost_usd) FROM judge_spending WHERE scorer_id = ${scorerId}::uuid AND at_ms >= ${fromMs}) AS other
        FROM score_tasks WHERE scorer_id = ${scorerId}::uuid AND coalesce(finished_ms, started_ms) >= ${fromMs}`.execute(this.#db),
    );
    const [row] = rows;
    return { spentUsd: (row?.spent ?? 0) + (row?.other ?? 0), dearestUsd: row?.dearest ?? undefined, hasEnded: row?.ended ?? false };
  }

  /** Deletes rows that ended before `beforeMs`, at most `limit`: settlement never comes back so far. Returns how many. */
  async prune(beforeMs: number, limit: number): Promise<number> {
    const { numAffectedRows } = await askAgain(() =>
      sql`DELETE FROM score_tasks WHERE id IN (SELECT id FROM score_tasks WHERE finished_ms < ${beforeMs} LIMIT ${limit})`.execute(this.#db),
    );
    await askAgain(() => sql`DELETE FROM judge_spending WHERE at_ms < ${beforeMs}`.execute(this.#db));
    return Number(numAffectedRows ?? 0n);
  }
}
