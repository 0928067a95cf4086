import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";
import { countJudges, countVerdicts, EmbeddedEngine, labelledTraces, migrateAnalytics } from "@telltale/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appUnderTest } from "../app-under-test.ts";

const child = fileURLToPath(new URL("../../../../../packages/store/src/engine/child.ts", import.meta.url));
const dir = mkdtempSync(join(tmpdir(), "telltale-quality-"));
let engine: EmbeddedEngine;
let app: FastifyInstance;
beforeAll(async () => {
  engine = new EmbeddedEngine({ dir, command: [process.execPath, "--import", "tsx", child] });
  await engine.ready();
  await migrateAnalytics(engine);
  // 1,000 traces; the judge passes nine of ten; people labelled 100 of them and disagree with a fifth of the judge's passes.
  await engine.command(`INSERT INTO assessments (project_id, trace_id, assessment_id, name, kind, has_value, value_json, value_text, source_type, source_id, valid, trace_start, updated, version)
    SELECT '0', toString(number), concat('a-', toString(number)), 'helpful', 'feedback', 1, '', if(number % 10 = 0, 'no', 'yes'), 'LLM_JUDGE', 'openai:/m', 1,
      toDateTime64('2026-11-20 00:00:00', 9, 'UTC') + INTERVAL number MINUTE, now64(3), 1 FROM numbers(1000)`);
  await engine.command(`INSERT INTO assessments (project_id, trace_id, assessment_id, name, kind, has_value, value_json, value_text, source_type, source_id, valid, trace_start, updated, version)
    SELECT '0', toString(number * 10 + 1 - (number % 10 = 0)), concat('h-', toString(number)), 'helpful', 'feedback', 1, '', if(number % 5 = 0, 'false', 'true'), 'HUMAN', 'ada', 1,
      toDateTime64('2026-11-20 00:00:00', 9, 'UTC') + INTERVAL number * 10 MINUTE, now64(3), 1 FROM numbers(100)`);
  // The judge failed on 20 more.
  await engine.command(`INSERT INTO assessments (project_id, trace_id, assessment_id, name, kind, has_value, error_code, source_type, source_id, valid, trace_start, updated, version)
    SELECT '0', concat('f', toString(number)), concat('f-', toString(number)), 'helpful', 'feedback', 0, 'timeout', 'LLM_JUDGE', 'openai:/m', 1, toDateTime64('2026-11-20 00:00:00', 9, 'UTC'), now64(3), 1 FROM numbers(20)`);
  // Half of the answers get two stars, half of them four.
  await engine.command(`INSERT INTO assessments (project_id, trace_id, assessment_id, name, kind, has_value, value_json, value_text, source_type, source_id, valid, trace_start, updated, version)
    SELECT '0', toString(number), concat('s-', toString(number)), 'stars', 'feedback', 1, '', if(number % 2 = 0, '2', '4'), 'LLM_JUDGE', 'openai:/m', 1,
      toDateTime64('2026-11-20 00:00:00', 9, 'UTC'), now64(3), 1 FROM numbers(50)`);
  // Version 1 passed all of 400 traces, version 2 half of 100 others; something else logged 50 fails, and a detector found something.
  const own = (version: number): string => `map('telltale.sampling.probability', '1', 'mlflow.assessment.scorerVersion', '${version}')`;
  for (const [id, value, metadata, from, count] of [
    ["v1", "'yes'", own(1), 0, 400],
    ["v2", "if(number % 2 = 0, 'no', 'yes')", own(2), 400, 100],
    ["sdk", "'no'", "map('mlflow.assessment.scorerVersion', '2')", 0, 50],
    ["found", "'no'", "map('telltale.detector', 'kind')", 450, 50],
  ] as const)
    await engine.command(`INSERT INTO assessments (project_id, trace_id, assessment_id, name, kind, has_value, value_json, value_text, source_type, source_id, metadata, valid, trace_start, updated, version)
      SELECT '7', toString(number), concat('${id}-', toString(number)), 'kind', 'feedback', 1, '', ${value}, 'CODE', 'x', ${metadata}, 1,
        toDateTime64('2026-11-20 00:00:00', 9, 'UTC') + INTERVAL number MINUTE, now64(3), 1 FROM numbers(${from}, ${count})`);
  const stars = { instructions_judge_pydantic_data: { instructions: "{{ outputs }}?", feedback_value_type: { type: "number", minimum: 1, maximum: 5 } } };
  ({ app } = await appUnderTest({
    scorerNamed: async (_projectId, name) => {
      if (name === "stars") return { serialized: JSON.stringify(stars), version: 1, versions: [] };
      return name === "kind" ? { serialized: JSON.stringify(stars), version: 2, versions: [] } : undefined;
    },
    metadata: {
      scorers: {
        list: async () => [
          { projectId: "7", name: "kind" },
          { projectId: "0", name: "stars" },
        ],
      },
    } as never,
    countJudges: (question, signal) => countJudges(engine, question, signal),
    countVerdicts: (question, signal) => countVerdicts(engine, question, signal),
    labelledTraces: (question, signal) => labelledTraces(engine, question, signal),
  }));
});
afterAll(async () => {
  await app.close();
  await engine.close();
  rmSync(dir, { recursive: true, force: true });
});

const get = async (path: string): Promise<{ status: number; body: Record<string, unknown> }> => {
  const response = await app.inject({ method: "GET", url: `/api/v1/quality/${path}` });
  return { status: response.statusCode, body: response.json() };
};
const WINDOW = "scorer=helpful&from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z";

test("the corrected rate lies below the raw one, with its interval, what it rests on and what failed", async () => {
  const { status, body } = await get(`rate?${WINDOW}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ scorer: "helpful", raw: 0.9, n_traces: 1000, n_labels: 100, n_failed: 20, n_other: 0, method: "post_stratified", series: [] });
  const { corrected, ci_low: low, ci_high: high } = body as Record<string, number>;
  expect(corrected).toBeGreaterThan(0.7);
  expect(corrected).toBeLessThan(0.85);
  expect(low).toBeLessThan(corrected ?? 0);
  expect(high).toBeGreaterThan(corrected ?? 1);
  expect(body["labels_for_3_points"]).toBeGreaterThan(100);
});

test("a series has each step's own traces", async () => {
  const { body } = await get(`rate?${WINDOW}&interval=6h`);
  const series = body["series"] as { time: string; n_traces: number }[];
  expect(series.map(({ time, n_traces: n }) => [time, n])).toEqual([
    ["2026-11-20T00:00:00.000Z", 360],
    ["2026-11-20T06:00:00.000Z", 360],
    ["2026-11-20T12:00:00.000Z", 280],
  ]);
});

test("agreement counts all four cases and lists where the two differ", async () => {
  const { body } = await get(`agreement?${WINDOW}`);
  const { confusion, n } = body as { n: number; confusion: Record<string, number> };
  expect(n).toBe(100);
  expect(Object.values(confusion).reduce((sum, count) => sum + count, 0)).toBe(100);
  expect((body["disagreements"] as unknown[]).length).toBe((confusion["judge_only"] ?? 0) + (confusion["human_only"] ?? 0));
  expect(body["kappa"]).toBeLessThan(1);
});

test("stars from 1 to 5 pass from three on, unless another threshold is asked for", async () => {
  const stars = WINDOW.replace("helpful", "stars");
  expect((await get(`rate?${stars}`)).body).toMatchObject({ raw: 0.5, threshold: 3, n_traces: 50 });
  expect((await get(`rate?${stars}&threshold=2`)).body).toMatchObject({ raw: 1, threshold: 2 });
});

test("versions of a scorer never mix, nor does what others log under its name: one counts, the others are said", async () => {
  const kind = WINDOW.replace("helpful", "kind");
  const expected = {
    raw: 0.5,
    n_traces: 100,
    version: 2,
    not_counted: [
      { version: 1, n_traces: 400 },
      { version: null, n_traces: 50 },
    ],
  };
  expect((await get(`rate?${kind}&project_id=7`)).body).toMatchObject(expected);
  // The only project that has the scorer needs not be named.
  expect((await get(`rate?${kind}`)).body).toMatchObject(expected);
  expect((await get(`agreement?${kind}`)).body).toMatchObject({ version: 2, not_counted: expected.not_counted });
  // Before version 2 began there is only version 1 to show.
  expect((await get(`rate?${kind.replace("2026-11-21T00", "2026-11-20T05")}`)).body).toMatchObject({ raw: 1, n_traces: 300, version: 1 });
});

test("what was logged under a name that no scorer judged under has its rate", async () => {
  expect((await get(`rate?${WINDOW}`)).body).toMatchObject({ version: null, not_counted: [], n_traces: 1000 });
});

test("a scorer that nobody knows has no rate, which is not a zero", async () => {
  expect((await get("rate?scorer=none&from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z")).body).toMatchObject({ raw: null, corrected: null, n_traces: 0 });
  expect((await get("agreement?scorer=none&from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z")).body).toMatchObject({ n: 0, kappa: null });
});

test.each([
  ["rate?scorer=x&from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z"],
  ["rate?scorer=x&from=soon&to=2026-11-20T00:00:00Z"],
  [`rate?${WINDOW}&interval=0h`],
  [`agreement?${WINDOW}&slice_by=shoe`],
])("%s is refused", async (path) => {
  expect((await get(path)).status).toBe(400);
});
