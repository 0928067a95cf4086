import type { SpanDetail } from "@telltale/model/api";
import { makeSpan, timestamp } from "./fixture-spans.ts";
import type { Random } from "./random.ts";

export const MODELS = [
  { name: "gpt-5.2-mini", provider: "openai", input: 0.25, output: 2 },
  { name: "claude-sonnet-4-5", provider: "anthropic", input: 3, output: 15 },
  { name: "gemini-3-flash", provider: "google", input: 0.3, output: 2.5 },
  { name: "qwen3-32b-local", provider: "ollama", input: undefined, output: undefined },
] as const;

export type ModelFacts = (typeof MODELS)[number];

export class TraceBuilder {
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
      output_messages: fails ? [] : [{ role: "assistant", parts: [{ type: "text", content: answer }], finish_reason: "stop" }],
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
