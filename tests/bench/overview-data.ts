import type { Engine } from "../../packages/store/src/index.ts";

/** What the data holds: as many models, routes and people as a busy team has. */
export const shape = { spansPerTrace: 8, users: 5_000, sessions: 60_000, routes: 12, models: 9, versions: 20, prompts: 15, tools: 10, days: 30 };
export const startMs = Date.UTC(2026, 9, 26);

/** Traces per statement: the engine makes a part of them at once, as if many small blocks had been merged already. */
const STEP = 20_000;

const pick = (list: readonly string[], number: string): string => `['${list.join("', '")}'][1 + ${number} % ${list.length}]`;
const numbered = (name: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
const routes = numbered("route", shape.routes);
const models = numbered("model", shape.models);
const tools = numbered("tool", shape.tools);

/** What is the same for a trace and its spans, from the number `t` of the trace. */
const ofTrace = `t, lower(hex(MD5(toString(t)))) AS id, ns, toStartOfHour(toDateTime(intDiv(ns, 1000000000), 'UTC')) AS hour, cityHash64(t) AS h`;
const kinds = ["CHAIN", "RETRIEVER", "LLM", "TOOL", "LLM", "TOOL", "EMBEDDING", "LLM"];

/**
 * Fills `traces`, `spans` and `assessments` (no content) in the engine itself. A tenth of the traces is written twice, first as in
 * progress, so that replaced rows are there until merges drop them; a hundredth of the calls has no price.
 */
export async function fill(engine: Engine, spans: number, log: (line: string) => void): Promise<void> {
  const traces = Math.ceil(spans / shape.spansPerTrace);
  const stepNs = Math.floor((shape.days * 86_400_000 * 1e6) / traces);
  const started = Date.now();
  for (let from = 0; from < traces; from += STEP) {
    const count = Math.min(STEP, traces - from);
    const rows = `(SELECT ${ofTrace} FROM (SELECT number + ${from} AS t, toInt64(${startMs}) * 1000000 + toInt64(number + ${from}) * ${stepNs} AS ns FROM numbers(${count})))`;
    const call = "kind IN ('LLM', 'EMBEDDING')";
    await engine.command(`INSERT INTO spans (project_id, bucket, trace_id, span_id, parent_span_id, name, kind, dialect, service_name, start_time, end_time, status, error_type, provider, request_model, tool_name, agent_name, prompt_name, prompt_version,
        input_tokens, output_tokens, cache_read_tokens, cost_usd, cost_source, ttft_ms, attributes, counted, version, is_deleted)
      SELECT '0', hour, id, substring(lower(hex(MD5(toString(s)))), 1, 16), if(i = 0, '', 'p'), concat('step ', toString(i)), kind, 'otel', 'api',
        fromUnixTimestamp64Nano(ns + i * 20000000, 'UTC'), fromUnixTimestamp64Nano(ns + i * 20000000 + toInt64(g % 900000000), 'UTC'), if(g % 97 = 0, 'error', 'ok'), if(g % 97 = 0, ${pick(["timeout", "rate_limit", "other"], "g")}, ''),
        if(${call}, ${pick(["openai", "anthropic", "gemini"], "g")}, ''), if(${call}, ${pick(models, "g")}, ''), if(kind = 'TOOL', ${pick(tools, "g")}, ''), if(i < 4, 'planner', 'writer'), if(kind = 'LLM', ${pick(numbered("prompt", shape.prompts), "g")}, ''), if(kind = 'LLM', toString(g % 3), ''),
        if(${call}, 100 + g % 3000, NULL), if(kind = 'LLM', 10 + g % 700, NULL), if(kind = 'LLM' AND g % 3 = 0, g % 100, NULL), if(${call} AND g % 100 != 0, toDecimal64(g % 9000, 9) / 1000000, NULL), if(${call}, if(g % 100 = 0, 'unknown', 'computed'), 'none'), if(kind = 'LLM', 100 + g % 2000, NULL),
        map('top_k', toString(s % 7)), g % 50 != 0, 1, 0
      FROM (SELECT *, arrayJoin(range(${shape.spansPerTrace})) AS i, t * ${shape.spansPerTrace} + i AS s, cityHash64(s, 'g') AS g, ['${kinds.join("', '")}'][i + 1] AS kind FROM ${rows})
      SETTINGS materialize_skip_indexes_on_insert = 0`);
    for (const version of [1, 2]) {
      await engine.command(`INSERT INTO traces (project_id, bucket, trace_id, name, status, start_time, end_time, duration_ms, root_span_id, service_name, environment, app_version, session_id, user_id,
          span_count, error_count, llm_calls, input_tokens, output_tokens, total_tokens, cost_usd, ttft_ms, models, providers, tools, agents, prompts, services, labels, tags, metadata, complete, spans_bucket, version, is_deleted)
        SELECT '0', hour, id, ${pick(routes, "h")}, ${version === 1 ? "'in_progress'" : "if(h % 50 = 0, 'error', 'ok')"}, fromUnixTimestamp64Nano(ns, 'UTC'), fromUnixTimestamp64Nano(ns + toInt64(h % 9000000000), 'UTC'), (h % 9000000000) / 1e6, 'r', ${pick(["api", "worker", "chat"], "h")}, if(h % 4 = 0, 'staging', 'production'), concat('1.', toString(intDiv(t * ${shape.versions}, ${traces}))),
          concat('session-', toString(h % ${shape.sessions})), concat('user-', toString(cityHash64(t, 'u') % ${shape.users})),
          8, h % 3, 3, 2000 + h % 5000, 300 + h % 900, 2300 + h % 5000 + h % 900, if(h % 100 = 0, NULL, toDecimal64(h % 90000, 9) / 1000000), 100 + h % 2000, [${pick(models, "h")}, ${pick(models, "(h + 1)")}], [${pick(["openai", "anthropic", "gemini"], "h")}], [${pick(tools, "h")}, ${pick(tools, "(h + 3)")}], ['planner', 'writer'], [concat(${pick(numbered("prompt", shape.prompts), "h")}, '/1')], ['api'], [],
          map('environment', if(h % 4 = 0, 'staging', 'production'), 'team', concat('team-', toString(h % 30))), map('mlflow.user', 'svc'), 1, hour, ${version}, 0 FROM ${rows} WHERE ${version === 1 ? "h % 10 = 0" : "1"}
        SETTINGS materialize_skip_indexes_on_insert = 0`);
    }
    await engine.command(`INSERT INTO assessments (project_id, trace_id, assessment_id, name, kind, has_value, value_json, value_text, value_number, source_type, source_id, valid, trace_start, metadata, version, is_deleted)
      SELECT '0', id, concat('a-', id, toString(k)), ['groundedness', 'relevance', 'pii'][k + 1], 'feedback', 1, toString(v), toString(v), v, if(k = 1, 'HUMAN', 'LLM_JUDGE'), 'judge', 1, fromUnixTimestamp64Nano(ns, 'UTC'), if(k = 2, map('telltale.detector', 'pii.email'), map()), 1, 0
      FROM (SELECT *, arrayJoin([0, 1, 2]) AS k, (cityHash64(t, k) % 100) / 100 AS v FROM ${rows}) WHERE cityHash64(t, k, 'w') % 10 = 0`);
    if (from % 100_000 === 0) log(`${Math.min(traces, from + STEP)} of ${traces} traces, ${Math.round((Date.now() - started) / 1000)} s`);
  }
}
