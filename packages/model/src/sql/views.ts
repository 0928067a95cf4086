/** A view of read-only SQL: what queries may read, what completion offers and what docs/sql.md lists. */
export interface SqlView {
  name: string;
  /** What one row is. */
  description: string;
  columns: readonly SqlColumn[];
}

export interface SqlColumn {
  name: string;
  /** As the engine names it. */
  type: string;
  description: string;
}

function view(name: string, description: string, columns: Record<string, readonly [type: string, description: string]>): SqlView {
  return { name, description, columns: Object.entries(columns).map(([column, [type, text]]) => ({ name: column, type, description: text })) };
}

const text = "String";
const word = "LowCardinality(String)";
const words = "Array(LowCardinality(String))";
const map = "Map(LowCardinality(String), String)";
const time = "DateTime64(9, 'UTC')";
const count = "UInt64";
const tokens = "Nullable(UInt64)";
const usd = "Nullable(Decimal(18, 9))";
const ms = "Nullable(Float64)";
const project = [word, "Id of the project."] as const;

/** Texts that are not known are `''`, numbers that are not known are NULL: an aggregate skips them, and they are never 0. */
export const sqlViews: readonly SqlView[] = [
  view("traces", "One trace.", {
    project_id: project,
    trace_id: [text, "Id of the trace, 32 hexadecimal digits (or what an old MLflow client chose)."],
    name: [word, "Name of the trace (of its root span)."],
    status: [word, "`ok`, `error`, `unset` or `in_progress`."],
    status_message: [text, "What the failed root span said."],
    has_error: ["UInt8", "1 when the trace or one of its spans failed."],
    start_time: [time, "Start of the trace."],
    end_time: [time, "End of its last span."],
    duration_ms: ["Float64", "Duration in milliseconds."],
    ttft_ms: [ms, "Time to the first token in milliseconds."],
    service: [word, "Service of the root span."],
    services: [words, "Services that took part."],
    environment: [word, "Deployment environment."],
    version: [word, "Version of the application."],
    session: [text, "Session (conversation) id."],
    user: [text, "User id."],
    client_request_id: [text, "The id the client gave the request."],
    input_preview: [text, "Beginning of the input."],
    output_preview: [text, "Beginning of the output."],
    span_count: ["UInt32", "Number of spans."],
    error_count: ["UInt32", "Number of failed spans."],
    llm_calls: ["UInt32", "Number of model calls; a call reported twice counts once."],
    unpriced_calls: ["UInt32", "Model calls whose price is not known: cost_usd lacks them."],
    input_tokens: [tokens, "Input tokens, cache included."],
    output_tokens: [tokens, "Output tokens, reasoning included."],
    total_tokens: [tokens, "Input and output tokens together."],
    cache_read_tokens: [tokens, "Input tokens that came from the provider's cache."],
    cache_write_tokens: [tokens, "Input tokens written to the provider's cache."],
    reasoning_tokens: [tokens, "Output tokens spent on reasoning."],
    cost_usd: [usd, "Cost in US dollars of the calls whose price is known."],
    models: [words, "Models that were called."],
    providers: [words, "Model providers that were called."],
    tools: [words, "Tools that were called."],
    failed_tools: [words, "Tools that failed."],
    agents: [words, "Agents that took part."],
    prompts: [words, "Prompts that were used, as `name/version`."],
    run_ids: ["Array(String)", "MLflow runs the trace belongs to."],
    labels: [words, "Labels."],
    tags: [map, "Tags: `tags['key']`."],
    metadata: [map, "Metadata set when the trace was recorded: `metadata['key']`."],
    complete: ["Bool", "All promised spans have arrived."],
    truncated: ["Bool", "Something was cut or dropped."],
  }),
  view("spans", "One span. Sum tokens and cost over rows where `counted` only.", {
    project_id: project,
    trace_id: [text, "Trace of the span."],
    span_id: [text, "Id of the span, 16 hexadecimal digits."],
    parent_span_id: [text, "Parent; `''` for a root."],
    name: [word, "Name of the span."],
    kind: [word, "LLM, TOOL, RETRIEVER, AGENT, CHAIN, …"],
    service: [word, "Service that reported it."],
    start_time: [time, "Start."],
    end_time: [time, "End."],
    duration_ms: ["Float64", "Duration in milliseconds."],
    ttft_ms: [ms, "Time to the first token in milliseconds."],
    status: [word, "`ok`, `error` or `unset`."],
    status_message: [text, "What the failed span said."],
    error_type: [word, "Type of the error."],
    provider: [word, "Model provider."],
    model: [word, "Model that answered, else the one asked for."],
    request_model: [word, "Model asked for."],
    response_id: [text, "Id the provider gave the answer."],
    finish_reasons: [words, "Why the model stopped."],
    input_tokens: ["Nullable(UInt32)", "Input tokens, cache included."],
    output_tokens: ["Nullable(UInt32)", "Output tokens, reasoning included."],
    cache_read_tokens: ["Nullable(UInt32)", "Input tokens that came from the provider's cache."],
    cache_write_tokens: ["Nullable(UInt32)", "Input tokens written to the provider's cache."],
    reasoning_tokens: ["Nullable(UInt32)", "Output tokens spent on reasoning."],
    cost_usd: [usd, "Cost in US dollars; NULL when the price is not known."],
    cost_source: [word, "`computed`, `reported`, `unknown` or `none`."],
    counted: ["Bool", "True for a model call that counts: not a wrapper that sums others, and not a second report of the same call."],
    stream: ["Nullable(Bool)", "The answer was streamed."],
    session: [text, "Session id, where the span carries it."],
    user: [text, "User id, where the span carries it."],
    environment: [word, "Deployment environment."],
    version: [word, "Version of the application."],
    prompt_name: [word, "Prompt that was used."],
    prompt_version: [word, "Its version."],
    agent: [word, "Agent."],
    workflow: [word, "Workflow."],
    tool: [word, "Tool that was called."],
    tool_call_id: [text, "Id of the tool call."],
    attributes: [map, "Short scalar attributes as sent: `attributes['key']`."],
  }),
  view("payloads", "Content of one span. Large: name the spans you mean.", {
    project_id: project,
    trace_id: [text, "Trace of the span."],
    span_id: [text, "Id of the span."],
    start_time: [time, "Start of the span."],
    inputs: [text, "Inputs as text or JSON."],
    outputs: [text, "Outputs as text or JSON."],
  }),
  view("assessments", "One feedback or expectation on a trace or span.", {
    project_id: project,
    trace_id: [text, "Trace that is assessed."],
    span_id: [text, "Span that is assessed; `''` for the trace."],
    assessment_id: [text, "Id of the assessment."],
    name: [word, "Name, such as `correctness`."],
    kind: [word, "`feedback`, `expectation` or `issue`."],
    value: [text, "Value as text."],
    value_number: [ms, "Value as a number (yes and true are 1, no and false are 0); NULL when it is not one."],
    error: [text, "Why there is no value, when a judge failed."],
    source_type: [word, "`HUMAN`, `LLM_JUDGE` or `CODE`."],
    source_id: [text, "Who or what judged."],
    rationale: [text, "Why."],
    metadata: [map, "Metadata: `metadata['key']`."],
    session: [text, "Session that is assessed, when it is about a session."],
    trace_start: [time, "Start of the trace."],
    created_at: ["DateTime64(3, 'UTC')", "When it was made."],
    updated_at: ["DateTime64(3, 'UTC')", "When it was changed last."],
  }),
  view("sessions", "One session (conversation) with the figures of its traces.", {
    project_id: project,
    session: [text, "Session id."],
    user: [text, "A user of the session; `''` when none is known."],
    start_time: [time, "Start of its first trace."],
    end_time: [time, "End of its last trace."],
    trace_count: [count, "Number of traces."],
    error_count: [count, "Traces that failed or had a failed span."],
    avg_duration_ms: ["Float64", "Mean duration of its traces."],
    total_tokens: [tokens, "Input and output tokens; NULL when none were reported."],
    cost_usd: ["Nullable(Decimal(38, 9))", "Cost in US dollars of the calls whose price is known."],
    unpriced_calls: [count, "Model calls whose price is not known."],
  }),
  view("users", "One user with the figures of their traces.", {
    project_id: project,
    user: [text, "User id."],
    first_seen: [time, "Start of their first trace."],
    last_seen: [time, "Start of their last trace."],
    session_count: [count, "Number of sessions."],
    trace_count: [count, "Number of traces."],
    error_count: [count, "Traces that failed or had a failed span."],
    avg_duration_ms: ["Float64", "Mean duration of their traces."],
    p95_duration_ms: ["Float64", "95th percentile of the duration of their traces."],
    total_tokens: [tokens, "Input and output tokens; NULL when none were reported."],
    cost_usd: ["Nullable(Decimal(38, 9))", "Cost in US dollars of the calls whose price is known."],
    unpriced_calls: [count, "Model calls whose price is not known."],
  }),
];

/** Queries to start from, on the page and in the documentation. Each is run by a test. */
export const sqlExamples: readonly { title: string; query: string }[] = [
  {
    title: "Slowest routes of the last day",
    query: `SELECT name, count() AS traces, round(quantile(0.95)(duration_ms)) AS p95_ms
FROM traces
WHERE start_time > now() - INTERVAL 1 DAY
GROUP BY name
ORDER BY p95_ms DESC
LIMIT 20`,
  },
  {
    title: "Cost and tokens per model and day",
    query: `SELECT toDate(start_time) AS day, model, count() AS calls,
  sum(input_tokens) AS input, sum(output_tokens) AS output, sum(cost_usd) AS usd
FROM spans
WHERE counted AND kind = 'LLM'
GROUP BY day, model
ORDER BY day DESC, usd DESC`,
  },
  {
    title: "Failing tools and what they said",
    query: `SELECT tool, error_type, count() AS failures, any(status_message) AS example
FROM spans
WHERE kind = 'TOOL' AND status = 'error'
GROUP BY tool, error_type
ORDER BY failures DESC`,
  },
  {
    title: "Feedback per version of the application",
    query: `SELECT t.version AS version, a.name AS feedback, count() AS judged, round(avg(a.value_number), 3) AS mean
FROM assessments AS a
INNER JOIN traces AS t ON t.project_id = a.project_id AND t.trace_id = a.trace_id
WHERE a.kind = 'feedback' AND a.value_number IS NOT NULL
GROUP BY version, feedback
ORDER BY feedback, version`,
  },
  {
    title: "Users whose requests fail most",
    query: `SELECT user, trace_count, error_count, round(100 * error_count / trace_count, 1) AS error_percent, cost_usd
FROM users
WHERE trace_count >= 10
ORDER BY error_percent DESC
LIMIT 20`,
  },
];
