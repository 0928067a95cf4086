import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely, PostgresDialect, sql } from "kysely";
import type pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openPool } from "../../metadata/pool.ts";
import { EmbeddedPostgres } from "../../metadata/postgres/embedded-postgres.ts";
import { appliedMigrations, metadataMigrations, migrateMetadata } from "./migrate.ts";

const dir = mkdtempSync(join(tmpdir(), "telltale-migrate-"));
let server: EmbeddedPostgres;
let pool: pg.Pool;
let db: Kysely<unknown>;
beforeAll(async () => {
  server = await EmbeddedPostgres.start({ dir });
  pool = openPool({ connection: server.connection, onLost: () => {} });
  db = new Kysely({ dialect: new PostgresDialect({ pool }) });
});
afterAll(async () => {
  await db.destroy();
  await server.stop();
  rmSync(dir, { recursive: true });
});
beforeEach(async () => {
  await sql`DROP SCHEMA public CASCADE`.execute(db);
  await sql`CREATE SCHEMA public`.execute(db);
});

const names = Object.keys(metadataMigrations);

/** What a user of each version had written before updating. Every migration gets its lines here. */
const written: Record<string, string[]> = {
  "0001-projects": [
    "INSERT INTO projects (name, created_ms, updated_ms) VALUES ('shop', 1795000000000, 1795000000001), ('old', 5, 6)",
    "UPDATE projects SET lifecycle = 'deleted' WHERE name = 'old'",
    "INSERT INTO project_tags VALUES (1, 'team', 'a'), (0, 'note', 'ü')",
  ],
  "0002-settings": [`INSERT INTO settings VALUES ('theme', '{"dark": true}', 7)`],
  "0003-views": [`INSERT INTO views VALUES ('v-1', 'Slow', 'traces', '{"sort": "-duration_ms"}', 'private', 'ada', 1, 8, 9), ('v-2', 'All', 'traces', '{}', 'shared', 'bob', NULL, 8, 9)`], // prettier-ignore
  "0004-dashboards": [`INSERT INTO dashboards VALUES ('d-1', 'Operations', NULL, 3, '{"tiles": []}', 10, 11)`],
  "0005-prices": [
    `INSERT INTO price_overrides VALUES ('a1', NULL, 'my-model*', '2026-06-01', '{"input": "1.5"}', '[]', 'contract', 0, 7, NULL)`,
    `INSERT INTO reprice_jobs (state, question, progress, created_ms, updated_ms) VALUES ('running', '{}', '{"seen": 3}', 7, 8)`,
  ],
  "0006-slos": ["INSERT INTO slos VALUES ('slo-1', 'Fast', '', 1, 'has_error = true', 'latency', 2000.5, 0.99, 28, 12, 13), ('slo-2', 'Good', 'why', NULL, '', 'error_rate', NULL, 0.999, 7, 12, 13)"], // prettier-ignore
  "0007-scoring": [
    "INSERT INTO scorers (id, project_id, name, created_ms, updated_ms) VALUES ('00000000-0000-0000-0000-000000000001', 1, 'safe', 1, 2)",
    "INSERT INTO scorer_versions VALUES ('00000000-0000-0000-0000-000000000001', 1, '{}', 3)",
    "INSERT INTO score_tasks (scorer_id, version, level, entity_id, origin, probability, due_ms, settled_ms) VALUES ('00000000-0000-0000-0000-000000000001', 1, 'trace', 't', 'online', 0.5, 4, 5)",
    "INSERT INTO scoring_progress VALUES ('settlement', 1795000000000000001)",
  ],
  "0008-erasures": [`INSERT INTO erasures VALUES ('e-1', 'ab12', 'null', 'local', 'running', 'rows', '{"traces": 3}', NULL, NULL, 14, 15, NULL)`],
  "0009-agent-steps": ["INSERT INTO agent_steps VALUES (1, 'planner', 7, 3)"],
  "0010-review": [
    "INSERT INTO review_queues (id, project_id, name, label, answer, created_ms, updated_ms) VALUES ('00000000-0000-0000-0000-000000000002', 1, 'doubtful', 'polite', '{\"kind\": \"boolean\"}', 1, 2)",
    "INSERT INTO review_items (queue_id, trace_id, inclusion, added_ms) VALUES ('00000000-0000-0000-0000-000000000002', 't', 0.25, 3)",
  ],
  "0016-anchors": [
    "INSERT INTO anchor_sets VALUES ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000004', 0.5, 24, 7, 8)",
    "INSERT INTO anchors VALUES ('00000000-0000-0000-0000-000000000001', 't', '{t}', '{u}', true, '{}')",
    "INSERT INTO anchor_runs (id, scorer_id, set_id, version, started_ms) VALUES ('00000000-0000-0000-0000-000000000005', '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000004', 1, 9)",
    "INSERT INTO anchor_verdicts VALUES ('00000000-0000-0000-0000-000000000005', 't', true, NULL)",
  ],
  "0014-alignment": [
    "INSERT INTO scorer_versions (scorer_id, version, serialized, created_ms, mode, guidelines) VALUES ('00000000-0000-0000-0000-000000000001', 2, '{}', 6, 'shadow', '[\"be strict\"]')",
    "INSERT INTO scorer_examples VALUES ('00000000-0000-0000-0000-000000000001', 2, 0, 't', 's', '{t}', '{u}', 'in', 'out', 'no', '')",
    "INSERT INTO alignments (id, scorer_id, base_version, threshold, created_ms) VALUES ('00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000001', 1, 0.5, 8)",
    "INSERT INTO alignment_cases (alignment_id, entity_id, trace_id, session_id, user_ids, trace_ids, half, human, human_pass, human_why) VALUES ('00000000-0000-0000-0000-000000000003', 't', 't', '', '{u}', '{t}', 'held_back', 'no', false, '')",
    "INSERT INTO judge_spending (scorer_id, at_ms, cost_usd) VALUES ('00000000-0000-0000-0000-000000000001', 9, 0.25)",
  ],
  "0011-began": [
    "INSERT INTO score_tasks (scorer_id, version, level, entity_id, origin, probability, due_ms, settled_ms, began_ms) VALUES ('00000000-0000-0000-0000-000000000001', 1, 'trace', 'u', 'online', 1, 4, 9, 7)",
  ],
  "0012-label-schemas": [
    `INSERT INTO label_schemas (id, project_id, name, type, input, created_ms, updated_ms) VALUES ('ls-1', 1, 'correct', 'feedback', '{"kind": "text", "max_length": null}', 1, 2)`,
  ],
  "0013-review-purpose": [
    "INSERT INTO review_queues (id, project_id, name, purpose, half_width, assignees, schema_ids, created_ms, updated_ms) VALUES ('00000000-0000-0000-0000-000000000004', 1, 'odd', 'interesting', 0.05, '{ada}', '{ls-1}', 1, 2)",
  ],
  "0015-review-owner": ["UPDATE review_queues SET owner = 'eve'"],
  "0017-score-work": ["UPDATE score_tasks SET state = 'running', lease_ms = 8, attempts = 1 WHERE entity_id = 'u'"],
};
const survives: Record<string, [question: string, answer: unknown[]][]> = {
  "0001-projects": [
    ["SELECT id, name, lifecycle, created_ms FROM projects WHERE id > 0 ORDER BY id", [{ id: 1, name: "shop", lifecycle: "active", created_ms: 1_795_000_000_000 }, { id: 2, name: "old", lifecycle: "deleted", created_ms: 5 }]], // prettier-ignore
    ["SELECT project_id, key, value FROM project_tags ORDER BY project_id", [{ project_id: 0, key: "note", value: "ü" }, { project_id: 1, key: "team", value: "a" }]], // prettier-ignore
  ],
  "0002-settings": [["SELECT value FROM settings", [{ value: { dark: true } }]]],
  "0003-views": [["SELECT id, state, owner, project_id FROM views ORDER BY id", [{ id: "v-1", state: { sort: "-duration_ms" }, owner: "ada", project_id: 1 }, { id: "v-2", state: {}, owner: "bob", project_id: null }]]], // prettier-ignore
  "0004-dashboards": [["SELECT name, version, content FROM dashboards", [{ name: "Operations", version: 3, content: { tiles: [] } }]]],
  "0005-prices": [
    ["SELECT id, model, valid_from, rates FROM price_overrides", [{ id: "a1", model: "my-model*", valid_from: "2026-06-01", rates: { input: "1.5" } }]],
    ["SELECT id, state, progress FROM reprice_jobs", [{ id: 1, state: "running", progress: { seen: 3 } }]],
  ],
  "0006-slos": [["SELECT id, project_id, threshold_ms, target, window_days FROM slos ORDER BY id", [{ id: "slo-1", project_id: 1, threshold_ms: 2000.5, target: 0.99, window_days: 28 }, { id: "slo-2", project_id: null, threshold_ms: null, target: 0.999, window_days: 7 }]]], // prettier-ignore
  "0007-scoring": [
    [
      "SELECT scorers.name, version, sample_rate FROM scorers JOIN scorer_versions ON scorer_id = id WHERE version = 1",
      [{ name: "safe", version: 1, sample_rate: 0 }],
    ],
    [
      "SELECT state, attempts, generation, probability FROM score_tasks WHERE entity_id = 't'",
      [{ state: "waiting", attempts: 0, generation: 0, probability: 0.5 }],
    ],
    ["SELECT position::text AS position FROM scoring_progress", [{ position: "1795000000000000001" }]],
  ],
  "0008-erasures": [["SELECT id, state, counts, project_ids, created_ms FROM erasures", [{ id: "e-1", state: "running", counts: { traces: 3 }, project_ids: null, created_ms: 14 }]]], // prettier-ignore
  "0009-agent-steps": [["SELECT agent, steps, runs FROM agent_steps", [{ agent: "planner", steps: 7, runs: 3 }]]],
  "0010-review": [["SELECT name, answer, trace_id, inclusion, state FROM review_queues JOIN review_items ON queue_id = id", [{ name: "doubtful", answer: { kind: "boolean" }, trace_id: "t", inclusion: 0.25, state: "pending" }]]], // prettier-ignore
  "0016-anchors": [
    ["SELECT interval_hours, subject FROM anchor_sets JOIN anchors USING (scorer_id)", [{ interval_hours: 24, subject: "{}" }]],
    ["SELECT state, human_pass, judge_pass FROM anchor_runs JOIN anchor_verdicts ON run_id = id", [{ state: "running", human_pass: true, judge_pass: null }]],
  ],
  "0014-alignment": [
    ["SELECT mode, guidelines, verdict FROM scorer_versions JOIN scorer_examples USING (scorer_id, version)", [{ mode: "shadow", guidelines: ["be strict"], verdict: "no" }]], // prettier-ignore
    ["SELECT state, threshold, half, before_done FROM alignments JOIN alignment_cases ON alignment_id = id", [{ state: "running", threshold: 0.5, half: "held_back", before_done: false }]], // prettier-ignore
    ["SELECT cost_usd FROM judge_spending", [{ cost_usd: 0.25 }]],
  ],
  "0011-began": [["SELECT began_ms FROM score_tasks WHERE entity_id = 'u'", [{ began_ms: 7 }]]],
  "0012-label-schemas": [["SELECT name, input, is_default FROM label_schemas", [{ name: "correct", input: { kind: "text", max_length: null }, is_default: false }]]], // prettier-ignore
  "0013-review-purpose": [["SELECT label, purpose, assignees, schema_ids FROM review_queues WHERE name = 'odd'", [{ label: null, purpose: "interesting", assignees: ["ada"], schema_ids: ["ls-1"] }]]], // prettier-ignore
  "0017-score-work": [["SELECT state, lease_ms FROM score_tasks WHERE entity_id = 'u'", [{ state: "running", lease_ms: 8 }]]],
  "0015-review-owner": [["SELECT DISTINCT owner FROM review_queues", [{ owner: "eve" }]]],
};

test.each(names)("data written by the version that ended at %s is whole after the update", async (name) => {
  const before = names.slice(0, names.indexOf(name) + 1);
  await migrateMetadata(db, name);
  expect(await appliedMigrations(db)).toEqual(before);
  for (const statement of before.flatMap((one) => written[one] ?? [])) await pool.query(statement);
  await migrateMetadata(db);
  expect(await appliedMigrations(db)).toEqual(names);
  for (const [question, answer] of before.flatMap((one) => survives[one] ?? [])) expect((await pool.query(question)).rows).toEqual(answer);
  const { rows } = await pool.query("INSERT INTO projects (name, created_ms, updated_ms) VALUES ('next', 0, 0) RETURNING id");
  expect(rows).toEqual([{ id: 3 }]);
});

test("tasks of before there was a column for it are taken to have begun when they settled", async () => {
  await migrateMetadata(db, "0010-review");
  for (const name of ["0001-projects", "0007-scoring"]) for (const statement of written[name] ?? []) await pool.query(statement);
  await migrateMetadata(db);
  expect((await pool.query("SELECT began_ms FROM score_tasks")).rows).toEqual([{ began_ms: 5 }]);
});

test("a database of a newer version is refused in one line and left alone", async () => {
  await migrateMetadata(db);
  await pool.query("INSERT INTO telltale_migrations VALUES ('9999-hoverboards', '2031-01-01')");
  await expect(migrateMetadata(db)).rejects.toThrow(
    "The metadata was written by a newer Telltale (9999-hoverboards is not known to this one). Start that version, or restore a backup.",
  );
  expect(await appliedMigrations(db)).toEqual([...names, "9999-hoverboards"]);
});

test("servers that start at once migrate once", async () => {
  await Promise.all(Array.from({ length: 5 }, () => migrateMetadata(db)));
  expect((await pool.query("SELECT count(*)::int AS n FROM projects")).rows).toEqual([{ n: 1 }]);
});

test("a migration that fails leaves nothing behind", async () => {
  await pool.query("CREATE TABLE settings (mine text)"); // in the way of 0002
  await expect(migrateMetadata(db)).rejects.toThrow("already exists");
  expect(await appliedMigrations(db)).toEqual([]);
  expect((await pool.query("SELECT to_regclass('projects') AS there")).rows).toEqual([{ there: null }]);
});
