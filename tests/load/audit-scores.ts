import { sql } from "kysely";
import type { TraceSummary } from "../../packages/model/src/api/index.ts";
import { openMetadata } from "../../packages/store/src/index.ts";
import type { Client } from "./client.ts";

/** Scores of every trace, held against what each trace must have. Traces are read page by page and forgotten: an hour of them is large. */
export interface ScoreAudit {
  traces: number;
  /** Scores found of each scorer. */
  scored: Record<string, number>;
  missing: number;
  duplicates: number;
  /** Traces with another set of scores than they must have, or not stored: the first of them, in words. */
  wrong: string[];
}

const MAX_TOLD = 50;

/** `mustHave` tells whether a trace must have a score of a scorer; `sent` loses what was found. */
export async function auditScores(
  client: Client,
  projectId: string,
  sent: Set<string>,
  scorers: readonly string[],
  mustHave: (traceId: string, scorer: string) => boolean,
): Promise<ScoreAudit> {
  const audit: ScoreAudit = { traces: 0, scored: Object.fromEntries(scorers.map((name) => [name, 0])), missing: 0, duplicates: 0, wrong: [] };
  const look = (trace: TraceSummary): void => {
    audit.traces += 1;
    const isKnown = sent.delete(trace.trace_id);
    for (const name of scorers) {
      const found = trace.assessments.filter((assessment) => assessment.name === name).length;
      const wanted = mustHave(trace.trace_id, name) ? 1 : 0;
      audit.scored[name] = (audit.scored[name] ?? 0) + Math.min(found, 1);
      audit.missing += Math.max(0, wanted - found);
      audit.duplicates += Math.max(0, found - wanted);
      if ((found !== wanted || !isKnown) && audit.wrong.length < MAX_TOLD) audit.wrong.push(`${trace.trace_id}: ${found} of ${name} instead of ${wanted}`);
    }
  };
  let cursor: string | undefined;
  do {
    const page = await client.search({ project_ids: [projectId], limit: 500, ...(cursor === undefined ? {} : { cursor }) });
    page.data.forEach(look);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  for (const id of sent) {
    audit.missing += scorers.filter((name) => mustHave(id, name)).length;
    if (audit.wrong.length < MAX_TOLD) audit.wrong.push(`${id}: not stored`);
  }
  return audit;
}

/** Milliseconds from settlement to the first start. */
export interface StartLag {
  p50: number | null;
  p95: number | null;
  max: number | null;
}

export interface TaskAudit {
  terminal: number;
  open: number;
  lag: StartLag;
  /** Of what started within two minutes after a moment, such as that of a kill. */
  lagAfter: StartLag;
}

const AFTER_MS = 120_000;

/** The outbox of a data folder whose server has stopped. `killedMs`: when it was killed. */
export async function auditTasks(dataDir: string, killedMs: number): Promise<TaskAudit> {
  const metadata = await openMetadata({ dataDir });
  try {
    const lag = async (fromMs: number, toMs: number): Promise<StartLag> => {
      const { rows } = await sql<StartLag>`
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY started_ms - settled_ms) AS p50, percentile_cont(0.95) WITHIN GROUP (ORDER BY started_ms - settled_ms) AS p95,
               max(started_ms - settled_ms) AS max
        FROM score_tasks WHERE started_ms >= ${fromMs} AND started_ms < ${toMs}`.execute(metadata.db);
      return rows[0] ?? { p50: null, p95: null, max: null };
    };
    const { rows } = await sql<{ terminal: number; open: number }>`
      SELECT count(*) FILTER (WHERE state IN ('scored', 'failed', 'skipped')) AS terminal, count(*) FILTER (WHERE state IN ('waiting', 'running')) AS open
      FROM score_tasks`.execute(metadata.db);
    return {
      terminal: rows[0]?.terminal ?? 0,
      open: rows[0]?.open ?? 0,
      lag: await lag(0, Number.MAX_SAFE_INTEGER),
      lagAfter: await lag(killedMs, killedMs + AFTER_MS),
    };
  } finally {
    await metadata.close();
  }
}
