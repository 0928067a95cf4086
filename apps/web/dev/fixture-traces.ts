import type { AssessmentOut, SpanDetail, TraceSummary } from "@telltale/model/api";
import { makeSpan, timestamp } from "./fixture-spans.ts";
import { Random } from "./random.ts";

/** A trace as the fixture server keeps it. */
export interface StoredTrace {
  trace: TraceSummary;
  spans: SpanDetail[];
}

const QUESTIONS = [
  [
    "How long do I have to return the running shoes I bought last week?",
    "You have **30 days** from delivery to return unworn shoes. Start the return from *Orders → Return item*; the label is free.",
  ],
  [
    "My invoice 2026-1093 shows VAT twice, can you fix that?",
    "You're right: line 4 repeats the VAT of line 3. I have issued a corrected invoice, which reaches you within a few minutes.",
  ],
  [
    "Compare the Pro and Team plan for a company of 40 people",
    "For 40 people, Team is cheaper from the 12th seat on: $880 against $1,160 a month, and includes single sign-on.",
  ],
  [
    "Warum wird meine Bestellung nach Österreich nicht versendet?",
    "Ihre Bestellung enthält einen Akku über 100 Wh; diesen dürfen wir nach Österreich nur per Spedition senden.",
  ],
  ["返金はいつ銀行口座に反映されますか？", "返金は承認後3〜5営業日で口座に反映されます。"],
  [
    "Summarise the incident report from Tuesday in five bullet points",
    "1. 09:12 UTC: queue depth alarm. 2. A deploy doubled the retry budget. 3. 14 % of requests timed out. 4. Rolled back at 09:41. 5. Retries are now capped per caller.",
  ],
  [
    "Book a table for six near the office on Friday at 19:00",
    "Booked: Osteria Lumen, Friday 19:00, six people, under the name Okafor. Free cancellation until noon.",
  ],
  ["What changed in the pricing API between v3 and v4?", "v4 removes `GET /quote`, adds idempotency keys to `POST /quotes`, and returns money in minor units."],
] as const;
const USERS = ["ana.silva", "k.tanaka", "m.okafor", "lena.weiss", "j.doe", "priya.n", "omar.f", "s.lindqvist"];
const MODELS = [
  { name: "gpt-5.2-mini", provider: "openai", input: 0.25, output: 2 },
  { name: "claude-sonnet-4-5", provider: "anthropic", input: 3, output: 15 },
  { name: "gemini-3-flash", provider: "google", input: 0.3, output: 2.5 },
  { name: "qwen3-32b-local", provider: "ollama", input: undefined, output: undefined },
] as const;
const SHAPES = ["rag_answer", "support_agent", "summarise", "classify_ticket"] as const;

/** `count` traces that end at `nowMs`, newest first. */
export function makeTraces(seed: number, count: number, nowMs: number, projectId: string): StoredTrace[] {
  const random = new Random(seed);
  const traces: StoredTrace[] = [];
  let startMs = nowMs - 20_000;
  for (let index = 0; index < count; index += 1) {
    traces.push(makeTrace(random, startMs, projectId, index));
    startMs -= random.skewed(index < 60 ? 45_000 : 240_000);
  }
  return traces;
}

/** One trace of one of the shapes. */
export function makeTrace(random: Random, startMs: number, projectId: string, index: number): StoredTrace {
  const traceId = random.hex(32);
  const shape = index % 7 === 1 ? "support_agent" : random.pick(SHAPES);
  const model = random.pick(random.chance(0.6) ? MODELS.slice(0, 2) : MODELS);
  const [question, answer] = random.pick(QUESTIONS);
  const user = random.pick(USERS);
  const session = `s-${user.slice(0, 2)}${Math.floor(startMs / 3_600_000) % 97}`;
  const fails = random.chance(0.11);
  const builder = new TraceBuilder(random, traceId, startMs, projectId);
  const root = builder.open(null, shape, shape === "support_agent" ? "AGENT" : "CHAIN");
  if (shape === "rag_answer") rag(builder, root, model, question, answer, fails);
  else if (shape === "support_agent") agent(builder, root, model, question, answer, fails);
  else if (shape === "summarise") builder.llm(root, model, question, answer, fails);
  else builder.llm(root, model, `Classify: ${question}`, '{"intent":"billing","urgency":"low","confidence":0.93}', fails);
  builder.close(root, { inputs: { question, user }, outputs: fails ? null : answer, session, user });
  return summarise(builder, { question, answer, user, session, fails, shape, random });
}

type ModelFacts = (typeof MODELS)[number];

class TraceBuilder {
  readonly spans: SpanDetail[] = [];
  clock: number;
  constructor(
    readonly random: Random,
    readonly traceId: string,
    readonly startMs: number,
    readonly projectId: string,
  ) {
    this.clock = startMs;
  }

  open(parent: SpanDetail | null, name: string, kind: string, facts: Partial<SpanDetail> = {}): SpanDetail {
    const span = makeSpan({
      trace_id: this.traceId,
      project_id: this.projectId,
      span_id: this.random.hex(16),
      parent_span_id: parent?.span_id ?? null,
      name,
      kind,
      startMs: this.clock,
      durationMs: 0,
      ...facts,
    });
    span.raw_attributes = { "openinference.span.kind": kind, "telltale.fixture": true };
    this.spans.push(span);
    this.clock += this.random.between(0.05, 1.4);
    return span;
  }

  close(span: SpanDetail, facts: Partial<SpanDetail> = {}): void {
    Object.assign(span, facts);
    this.clock += this.random.between(0.02, 0.6);
    span.duration_ms = Math.round((this.clock - Date.parse(`${span.start_time.slice(0, 23)}Z`)) * 1000) / 1000;
    span.end_time = timestamp(this.clock);
  }

  leaf(parent: SpanDetail, name: string, kind: string, ms: number, facts: Partial<SpanDetail> = {}): SpanDetail {
    const span = this.open(parent, name, kind);
    this.clock += ms;
    this.close(span, facts);
    return span;
  }

  llm(parent: SpanDetail, model: ModelFacts, question: string, answer: string, fails: boolean, history: unknown[] = []): SpanDetail {
    const input = this.random.integer(350, 5200);
    const output = this.random.integer(40, 700);
    const cached = this.random.chance(0.4) ? Math.floor(input * 0.6) : null;
    const priced = model.input !== undefined && !fails;
    const messages = [
      {
        role: "system",
        parts: [{ type: "text", content: "You are a helpful support assistant. Answer from the documents only, and say so when they do not help." }],
      },
      { role: "user", parts: [{ type: "text", content: question }] },
      ...history,
    ];
    return this.leaf(parent, model.provider === "anthropic" ? "messages.create" : "chat.completions", "LLM", this.random.skewed(1400), {
      provider: model.provider,
      model: model.name,
      request_model: model.name,
      response_model: model.name,
      response_id: `resp_${this.random.hex(12)}`,
      finish_reasons: fails ? [] : ["stop"],
      stream: true,
      ttft_ms: fails ? null : Math.round(this.random.skewed(380)),
      usage: {
        input_tokens: fails ? null : input,
        output_tokens: fails ? null : output,
        cache_read_tokens: fails ? null : cached,
        cache_write_tokens: null,
        cache_write_1h_tokens: null,
        reasoning_tokens: this.random.chance(0.3) && !fails ? Math.floor(output / 3) : null,
        input_audio_tokens: null,
        output_audio_tokens: null,
        input_image_tokens: null,
      },
      cost_usd: priced ? (input * (model.input ?? 0) + output * (model.output ?? 0)) / 1e6 : null,
      cost_source: priced ? "computed" : fails ? "none" : "unknown",
      price_version: priced ? "2026-11-01" : null,
      inputs: { model: model.name, messages: messages.length, temperature: 0.2 },
      outputs: fails ? null : { text: answer },
      input_messages: messages,
      output_messages: fails ? [] : [{ role: "assistant", parts: [{ type: "text", content: answer }], finishReason: "stop" }],
      params: { temperature: 0.2, max_tokens: 1024, top_p: 1 },
      attributes: { "gen_ai.operation.name": "chat", "gen_ai.request.model": model.name, "gen_ai.provider.name": model.provider },
      raw_attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": model.name,
        "gen_ai.usage.input_tokens": input,
        "gen_ai.usage.output_tokens": output,
        "gen_ai.request.temperature": 0.2,
        "server.address": `api.${model.provider}.com`,
        "server.port": 443,
      },
      ...(fails ? failure(model.provider, this.clock) : {}),
    });
  }
}

function failure(provider: string, atMs: number): Partial<SpanDetail> {
  const message = `Error code: 429 - {'error': {'message': 'Rate limit reached for organization', 'type': 'rate_limit_error'}}`;
  return {
    status: "error",
    status_message: message,
    error_type: `${provider}.RateLimitError`,
    http_status: 429,
    events: [
      {
        time: timestamp(atMs),
        name: "exception",
        attributes: {
          "exception.type": `${provider}.RateLimitError`,
          "exception.message": message,
          "exception.stacktrace": `Traceback (most recent call last):\n  File "app/agent.py", line 88, in answer\n    response = client.chat.completions.create(**request)\n  File "site-packages/${provider}/_client.py", line 1047, in request\n    raise self._make_status_error_from_response(err.response) from None\n${provider}.RateLimitError: ${message}`,
        },
      },
    ],
  };
}

function rag(builder: TraceBuilder, root: SpanDetail, model: ModelFacts, question: string, answer: string, fails: boolean): void {
  const { random } = builder;
  const retrieve = builder.open(root, "retrieve", "RETRIEVER");
  builder.leaf(retrieve, "embed_query", "EMBEDDING", random.skewed(60), {
    model: "text-embedding-3-small",
    provider: "openai",
    usage: { ...retrieve.usage, input_tokens: random.integer(8, 40) },
    embeddings: { count: 1, dimension: 1536 },
    cost_usd: 0.0000004,
    cost_source: "computed",
  });
  builder.leaf(retrieve, "POST /collections/policies/points/query", "HTTP", random.skewed(22), { noise: true, http_status: 200 });
  const documents = Array.from({ length: 4 }, (_, index) => ({
    id: `policy-${random.integer(10, 99)}`,
    score: Math.round((0.93 - index * 0.11) * 1000) / 1000,
    content: `${index === 0 ? answer : "Section 4.2 Items in their original state may be returned within thirty days of delivery. Refunds are paid to the original means of payment within five working days."}`,
    metadata: { source: `handbook/returns-${index + 1}.md`, updated: "2026-10-02" },
  }));
  builder.close(retrieve, { documents, retrieval_query: question, inputs: question, outputs: documents });
  builder.leaf(root, "rerank", "RERANKER", random.skewed(45), { model: "rerank-v3.5", provider: "cohere", documents: documents.slice(0, 2) });
  builder.leaf(root, "build_prompt", "PROMPT", random.between(0.2, 1.2), {
    prompt: "support-answer/7",
    prompt_template: "Answer from {{documents}}: {{question}}",
    prompt_variables: { question },
  });
  builder.llm(root, model, question, answer, fails);
  if (!fails) builder.leaf(root, "grounded?", "GUARDRAIL", random.skewed(9), { outputs: { grounded: true, score: 0.94 } });
}

function agent(builder: TraceBuilder, root: SpanDetail, model: ModelFacts, question: string, answer: string, fails: boolean): void {
  const { random } = builder;
  root.agent_name = "support-agent";
  root.name = "invoke_agent support-agent";
  const history: unknown[] = [];
  const tools = ["lookup_order", "search_catalogue", "check_stock", "issue_refund"];
  const turns = random.integer(2, 4);
  for (let turn = 0; turn < turns; turn += 1) {
    const tool = random.pick(tools);
    const callId = `call_${random.hex(8)}`;
    const args = { order_id: `A-${random.integer(1000, 9999)}`, include: ["items", "shipping"] };
    const step = builder.llm(root, model, question, "", false, [...history]);
    const call = {
      role: "assistant",
      parts: [
        { type: "reasoning", content: "The customer asks about an order. I should look it up before I answer." },
        { type: "tool_call", id: callId, name: tool, arguments: args },
      ],
    };
    step.output_messages = [call];
    step.finish_reasons = ["tool_calls"];
    step.tool_definitions = tools.map((name) => ({
      name,
      description: `Runs ${name.replaceAll("_", " ")}`,
      schema: { type: "object", properties: { order_id: { type: "string" } }, required: ["order_id"] },
    }));
    const broken = turn === 0 && random.chance(0.2);
    const span = builder.open(root, `execute_tool ${tool}`, "TOOL", { tool_name: tool, tool_call_id: callId });
    builder.leaf(span, "SELECT orders", "UNKNOWN", random.skewed(8), { service: "orders-db" });
    builder.clock += random.skewed(110);
    const result = broken ? null : { status: "shipped", carrier: "DHL", eta: "2026-11-25", items: [{ sku: "RS-42", qty: 1, price: 119.9 }] };
    builder.close(span, {
      tool_arguments: args,
      tool_result: result,
      inputs: args,
      outputs: result,
      ...(broken
        ? {
            status: "error" as const,
            status_message: "OrderNotFound: no order with this id",
            error_type: "OrderNotFound",
            events: [
              {
                time: timestamp(builder.clock),
                name: "exception",
                attributes: {
                  "exception.type": "OrderNotFound",
                  "exception.message": "no order with this id",
                  "exception.stacktrace":
                    'Traceback (most recent call last):\n  File "tools/orders.py", line 31, in lookup_order\n    raise OrderNotFound(order_id)\nOrderNotFound: no order with this id',
                },
              },
            ],
          }
        : {}),
    });
    history.push(call, { role: "tool", parts: [{ type: "tool_call_response", id: callId, response: result ?? "OrderNotFound" }] });
  }
  if (random.chance(0.35)) {
    const sub = builder.open(root, "invoke_agent billing-agent", "AGENT", { agent_name: "billing-agent" });
    builder.llm(sub, MODELS[1], "Check whether a refund is due", "A refund of $119.90 is due.", false);
    builder.leaf(sub, "execute_tool issue_refund", "TOOL", random.skewed(180), {
      tool_name: "issue_refund",
      tool_arguments: { amount: 119.9 },
      tool_result: { ok: true },
    });
    builder.close(sub);
  }
  builder.llm(root, model, question, answer, fails, history);
}

interface Told {
  question: string;
  answer: string;
  user: string;
  session: string;
  fails: boolean;
  shape: string;
  random: Random;
}

function summarise(builder: TraceBuilder, told: Told): StoredTrace {
  const { spans, random } = builder;
  const [root] = spans;
  if (root === undefined) throw new Error("a trace has a root");
  if (told.fails) {
    const failed = spans.find((span) => span.status === "error");
    root.status = "error";
    root.status_message = failed?.status_message ?? null;
  }
  const calls = spans.filter((span) => (span.kind === "LLM" || span.kind === "EMBEDDING") && span.counted);
  const sum = (read: (span: SpanDetail) => number | null): number | null => {
    const known = calls.map(read).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
  };
  const input = sum((span) => span.usage.input_tokens);
  const output = sum((span) => span.usage.output_tokens);
  const unique = (read: (span: SpanDetail) => string | null): string[] => [...new Set(spans.map(read).filter((value) => value !== null))];
  const trace: TraceSummary = {
    trace_id: builder.traceId,
    project_id: builder.projectId,
    name: root.name,
    status: told.fails ? "error" : "ok",
    status_message: root.status_message,
    start_time: root.start_time,
    end_time: root.end_time,
    duration_ms: root.duration_ms,
    root_span_id: root.span_id,
    service: "support-bot",
    services: ["support-bot"],
    environment: random.chance(0.8) ? "production" : "staging",
    version: random.chance(0.7) ? "2.14.0" : "2.13.2",
    session: told.session,
    user: told.user,
    client_request_id: `req-${random.hex(6)}`,
    input_preview: told.question,
    output_preview: told.fails ? "" : told.answer,
    span_count: spans.length,
    error_count: spans.filter((span) => span.status === "error").length,
    llm_calls: calls.length,
    unpriced_calls: calls.filter((span) => span.cost_source === "unknown").length,
    tokens: {
      input,
      output,
      total: input === null && output === null ? null : (input ?? 0) + (output ?? 0),
      cache_read: sum((span) => span.usage.cache_read_tokens),
      cache_write: null,
      reasoning: sum((span) => span.usage.reasoning_tokens),
    },
    cost_usd: sum((span) => span.cost_usd),
    ttft_ms: calls.find((span) => span.ttft_ms !== null)?.ttft_ms ?? null,
    models: unique((span) => (span.kind === "LLM" ? span.model : null)),
    providers: unique((span) => span.provider),
    tools: unique((span) => span.tool_name),
    failed_tools: unique((span) => (span.status === "error" ? span.tool_name : null)),
    agents: unique((span) => span.agent_name),
    prompts: unique((span) => span.prompt),
    run_ids: [],
    labels: random.chance(0.2) ? ["beta"] : [],
    tags: { team: random.pick(["care", "billing", "growth"]), ...(random.chance(0.1) ? { release: "canary" } : {}) },
    metadata: { "mlflow.trace_schema.version": "3" },
    complete: true,
    truncated: false,
    assessments: [],
  };
  if (random.chance(0.35)) trace.assessments.push(feedback(trace, "helpful", random.chance(0.75), "HUMAN", told.user, null));
  if (random.chance(0.25))
    trace.assessments.push(
      feedback(
        trace,
        "groundedness",
        Math.round(random.between(0.4, 1) * 100) / 100,
        "LLM_JUDGE",
        "gpt-5.2-mini",
        "Every claim in the answer is found in the retrieved section on returns.",
      ),
    );
  return { trace, spans };
}

function feedback(
  trace: TraceSummary,
  name: string,
  value: unknown,
  type: AssessmentOut["source"]["type"],
  id: string,
  rationale: string | null,
): AssessmentOut {
  return {
    assessment_id: `a-${trace.trace_id.split("").toReversed().join("")}${name.length}`,
    trace_id: trace.trace_id,
    span_id: null,
    name,
    kind: "feedback",
    value,
    error: null,
    source: { type, id },
    rationale,
    metadata: {},
    overrides: null,
    valid: true,
    created_at: trace.end_time,
    updated_at: trace.end_time,
  };
}

/** A trace with `count` spans: a fan-out of agents, each with model and tool calls, and some noise. */
export function makeHugeTrace(count: number, startMs: number, projectId: string): StoredTrace {
  const random = new Random(50_000);
  const builder = new TraceBuilder(random, "5".repeat(32), startMs, projectId);
  const root = builder.open(null, "nightly_batch", "WORKFLOW");
  const [model] = MODELS;
  while (builder.spans.length < count - 12) {
    const worker = builder.open(root, `invoke_agent worker-${random.integer(1, 12)}`, "AGENT", { agent_name: `worker-${random.integer(1, 12)}` });
    const steps = random.integer(2, 8);
    for (let step = 0; step < steps && builder.spans.length < count - 4; step += 1) {
      builder.llm(worker, model, "Classify the ticket", "billing", random.chance(0.01));
      const tool = builder.open(worker, "execute_tool update_ticket", "TOOL", { tool_name: "update_ticket" });
      builder.leaf(tool, "PUT /tickets", "HTTP", random.skewed(4), { noise: true });
      builder.close(tool);
      builder.clock -= random.between(0, 1200);
    }
    builder.close(worker);
    if (random.chance(0.4)) builder.clock -= random.between(0, 4000);
  }
  while (builder.spans.length < count) builder.leaf(root, "flush", "UNKNOWN", 1);
  builder.clock = Math.max(builder.clock, ...builder.spans.slice(-100).map((span) => Date.parse(`${span.end_time.slice(0, 23)}Z`)));
  builder.close(root);
  return summarise(builder, {
    question: "Process the ticket queue of the night",
    answer: "6,412 tickets classified, 31 escalated",
    user: "cron",
    session: "nightly",
    fails: false,
    shape: "nightly",
    random,
  });
}
