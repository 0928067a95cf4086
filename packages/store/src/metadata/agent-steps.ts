import { type Kysely, sql } from "kysely";
import { ask, askAgain } from "./ask.ts";
import type { Tables } from "./tables.ts";

/** Fewer runs say nothing about the hundredth one. */
const MIN_RUNS = 200;
const MAX_AGENTS = 10_000;
/** Longer runs are all the same: far too long. */
const MAX_STEPS = 10_000;

export interface AgentRunSteps {
  projectId: string;
  agent: string;
  steps: number;
}

/** How many steps runs of each agent took, as counts. */
export class AgentStepCounts {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async add(runs: readonly AgentRunSteps[]): Promise<void> {
    if (runs.length === 0) return;
    const counts = new Map<string, AgentRunSteps & { runs: number }>();
    for (const { projectId, agent, steps } of runs) {
      const bounded = { projectId, agent: agent.slice(0, 500).replaceAll("\0", ""), steps: Math.min(steps, MAX_STEPS) };
      const key = JSON.stringify(bounded);
      counts.set(key, { ...bounded, runs: (counts.get(key)?.runs ?? 0) + 1 });
    }
    const rows = [...counts.values()];
    await ask(() =>
      sql`INSERT INTO agent_steps (project_id, agent, steps, runs)
          SELECT new.project_id, agent, steps, runs
          FROM unnest(${rows.map((row) => Number(row.projectId))}::integer[], ${rows.map((row) => row.agent)}::text[], ${rows.map((row) => row.steps)}::integer[], ${rows.map((row) => row.runs)}::bigint[])
            AS new (project_id, agent, steps, runs)
          WHERE EXISTS (SELECT FROM projects WHERE id = new.project_id)
          ON CONFLICT (project_id, agent, steps) DO UPDATE SET runs = agent_steps.runs + excluded.runs`.execute(this.#db),
    );
  }

  /** The 99th percentile of each agent's steps, by project and agent; agents with few runs have none. */
  async limits(): Promise<Map<string, Map<string, number>>> {
    const { rows } = await askAgain(() =>
      sql<{ project_id: number; agent: string; steps: number }>`
        SELECT project_id, agent, min(steps) AS steps
        FROM (SELECT project_id, agent, steps, sum(runs) OVER (PARTITION BY project_id, agent ORDER BY steps) AS below, sum(runs) OVER (PARTITION BY project_id, agent) AS total FROM agent_steps) AS counted
        WHERE total >= ${MIN_RUNS} AND below >= 0.99 * total GROUP BY project_id, agent LIMIT ${MAX_AGENTS}`.execute(this.#db),
    );
    const limits = new Map<string, Map<string, number>>();
    for (const { project_id: id, agent, steps } of rows) {
      const project = limits.get(String(id)) ?? new Map<string, number>();
      limits.set(String(id), project.set(agent, steps));
    }
    return limits;
  }
}
