import { type Engine, indexFreshParts } from "../../packages/store/src/index.ts";

/** What the data holds, so that the questions can ask for things that exist. */
export const shape = { spansPerTrace: 8, users: 5_000, sessions: 40_000, days: 7 };

const START_S = Math.floor(Date.UTC(2026, 10, 16) / 1000);
/** About 3,000 words, the first ones far more frequent (as in any language); `zebra` is in every 2,000th span. */
const words = `['the', 'of', 'order', 'refund', 'please', 'customer', 'shipping', 'invoice', 'account', 'question']`;
const word = (salt: string): string =>
  `if(cityHash64(${salt}) % 100 < 30, ${words}[1 + cityHash64(${salt}, 1) % 10], concat(['ta', 'ber', 'lo', 'min', 'ka', 'sur', 've', 'don'][1 + cityHash64(${salt}, 2) % 8], ['ri', 'na', 'tel', 'po', 'ga', 'fen', 'ul', 'ma'][1 + cityHash64(${salt}, 3) % 8], toString(intDiv(cityHash64(${salt}, 4) % 10000, 1 + cityHash64(${salt}, 5) % 300))))`;
const text = (count: number, salt: string): string =>
  `concat(arrayStringConcat(arrayMap(position -> ${word(`s, position, '${salt}'`)}, range(${count})), ' '), if(s % 2000 = 7, ' zebra crossing', ''))`;

/**
 * Fills the tables with `spans` spans of about 2 kB in the engine itself, in blocks of growing time as a collector would. Every
 * trace is written twice (once while it runs), so that replaced rows are there until merges drop them.
 */
export async function fill(engine: Engine, spans: number, log: (line: string) => void): Promise<void> {
  const traces = Math.ceil(spans / shape.spansPerTrace);
  const step = 200; // 1,600 spans: about what the journal drains at once under load
  const stepNs = (BigInt(shape.days) * 86_400_000_000_000n) / BigInt(traces);
  const started = Date.now();
  for (let from = 0; from < traces; from += step) {
    const count = Math.min(step, traces - from);
    const rows = rowsOf(from, count, stepNs);
    await insertTraces(engine, "0", from, count, stepNs);
    await engine.command(`INSERT INTO assessments (project_id, trace_id, assessment_id, name, kind, has_value, value_json, value_text, value_number, source_type, source_id, valid, trace_start, version, is_deleted)
      SELECT '0', id, concat('a-', id), 'score', 'feedback', 1, toString(v), toString(v), v, 'LLM_JUDGE', 'judge', 1, fromUnixTimestamp64Nano(ns, 'UTC'), 1, 0 FROM (SELECT *, (cityHash64(t, 'v') % 100) / 100 AS v FROM ${rows}) WHERE t % 10 = 0`);
    if (from % 10_000 === 0) log(`${Math.min(traces, from + step)} of ${traces} traces, ${Math.round((Date.now() - started) / 1000)} s`);
  }
}

/** Inserts traces `from` … with their spans and content, as `fill` does. */
export async function insertTraces(engine: Engine, project: string, from: number, count: number, stepNs = 4_838_400_000n): Promise<void> {
  const rows = rowsOf(from, count, stepNs);
  const spanRows = `(SELECT *, arrayJoin(range(${shape.spansPerTrace})) AS i, t * ${shape.spansPerTrace} + i AS s, substring(lower(hex(MD5(toString(s)))), 1, 16) AS sid, fromUnixTimestamp64Nano(ns + i * 20000000, 'UTC') AS at FROM ${rows})`;
  await engine.command(`INSERT INTO payloads (project_id, bucket, trace_id, span_id, start_time, inputs, outputs, raw, words, version, is_deleted)
    SELECT '${project}', hour, id, sid, at, ${text(120, "in")}, ${text(80, "out")}, concat('{"attributes":[["llm.model","gpt-4o"],["k","', toString(cityHash64(s)), '"]],"resource":{"service.name":"api"},"scope":{"name":"openai"}}'), '', 1, 0 FROM ${spanRows}
    SETTINGS materialize_skip_indexes_on_insert = 0`);
  await engine.command(`INSERT INTO spans (project_id, bucket, trace_id, span_id, parent_span_id, name, kind, dialect, service_name, start_time, end_time, status, provider, request_model, tool_name, input_tokens, output_tokens, cost_usd, session_id, user_id, attributes, counted, version, is_deleted)
    SELECT '${project}', hour, id, sid, if(i = 0, '', 'p'), ['root', 'retrieve', 'chat', 'search_orders', 'chat', 'calc', 'rerank', 'answer'][i + 1], ['CHAIN', 'RETRIEVER', 'LLM', 'TOOL', 'LLM', 'TOOL', 'RERANKER', 'LLM'][i + 1], 'otel', 'api', at, at + INTERVAL 15 MILLISECOND,
      if(i = 3 AND cityHash64(t, 'fail') % 100 = 0, 'error', 'ok'), if(i IN (2, 4, 7), 'openai', ''), if(i IN (2, 4, 7), 'gpt-4o', ''), if(i = 3, 'search_orders', if(i = 5, 'calc', '')), 900, 120, 0.003, '', '',
      map('top_k', toString(s % 7), 'http.status_code', '200', 'deployment.id', toString(t % 100), 'llm.request.id', toString(cityHash64(s))), 1, 1, 0 FROM ${spanRows}
    SETTINGS materialize_skip_indexes_on_insert = 0`);
  for (const version of [1, 2]) {
    await engine.command(`INSERT INTO traces (project_id, bucket, trace_id, name, status, start_time, end_time, duration_ms, root_span_id, service_name, environment, app_version, session_id, user_id, input_preview, output_preview,
        span_count, error_count, llm_calls, input_tokens, output_tokens, total_tokens, cost_usd, ttft_ms, models, providers, tools, failed_tools, services, tags, metadata, complete, info, spans_bucket, version, is_deleted)
      SELECT '${project}', hour, id, 'support chat', ${version === 1 ? "'in_progress'" : "if(cityHash64(t, 'fail') % 100 = 0, 'error', 'ok')"}, fromUnixTimestamp64Nano(ns, 'UTC'), fromUnixTimestamp64Nano(ns + 160000000, 'UTC'), 100 + cityHash64(t, 'd') % 9000, 'r', 'api', if(t % 4 = 0, 'staging', 'production'), concat('1.', toString(intDiv(t, 20000))),
        concat('session-', toString(cityHash64(t, 's') % ${shape.sessions})), concat('user-', toString(cityHash64(t, 'u') % ${shape.users})), substring(${text(40, "in").replaceAll("s, position", "t, position").replaceAll("s % 2000", "t % 2000")}, 1, 300), 'an answer of the model, cut for the list', 
        8, if(cityHash64(t, 'fail') % 100 = 0, 1, 0), 3, 2700, 360, 3060, 0.009, 400, ['gpt-4o'], ['openai'], ['search_orders', 'calc'], if(cityHash64(t, 'fail') % 100 = 0, ['search_orders'], []), ['api'],
        map('environment', if(t % 4 = 0, 'staging', 'production'), 'deployment_id', toString(t % 1000), 'mlflow.traceName', 'support chat'), map('mlflow.user', 'svc', 'mlflow.source.name', 'app.py'), 1, '', hour, ${version}, 0 FROM ${rows}
      SETTINGS materialize_skip_indexes_on_insert = 0`);
  }
}

function rowsOf(from: number, count: number, stepNs: bigint): string {
  const common = `
    t, lower(hex(MD5(toString(t)))) AS id, toInt64(${START_S}) * 1000000000 + toInt64(t) * ${stepNs} AS ns,
    toStartOfHour(toDateTime(intDiv(ns, 1000000000), 'UTC')) AS hour`;
  return `(SELECT ${common} FROM (SELECT number + ${from} AS t FROM numbers(${count})))`;
}

/** Indexes what came last, as the server does two seconds after, and waits until merges and mutations have come to rest. */
export async function settle(engine: Engine, log: (line: string) => void): Promise<void> {
  await indexFreshParts(engine);
  for (let quiet = 0, round = 0; quiet < 2 && round < 300; round += 1) {
    const [row] = await engine.query<{ n: string }>(
      "SELECT (SELECT count() FROM system.merges) + (SELECT count() FROM system.mutations WHERE NOT is_done) AS n",
    );
    quiet = row?.n === "0" ? quiet + 1 : 0;
    if (round % 10 === 0) log(`merges running: ${row?.n ?? "?"}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
