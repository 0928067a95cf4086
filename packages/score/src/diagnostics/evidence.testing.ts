import type { Message, ToolDefinition } from "@telltale/model";
import type { DiagnosedSpan, SpanText, TraceEvidence } from "./trace-evidence.ts";

export interface Step {
  tool: string;
  args?: unknown;
  result?: unknown;
  /** Error of the span itself. */
  fails?: string;
  /** Before it starts, 0 unless said. */
  waitMs?: number;
  tookMs?: number;
}

export interface Answer {
  text?: string;
  asks?: { tool: string; args?: unknown; id?: string }[];
  offered?: ToolDefinition[];
  finish?: string;
  usd?: number;
  /** Tool answers among the messages it was sent, by call id. */
  received?: Record<string, unknown>;
}

/** A trace written by hand: steps one after another, below one agent unless said. */
export class TraceBuilder {
  readonly spans: DiagnosedSpan[] = [];
  readonly texts = new Map<string, SpanText>();
  #nowMs = 1_000;
  #agent = "";

  agent(name: string, change: Partial<DiagnosedSpan> = {}): this {
    this.#agent = this.#add("AGENT", name, 0, { agentName: name, ...change }).spanId;
    return this;
  }

  tools(...steps: Step[]): this {
    for (const { tool, args, result, fails, waitMs = 0, tookMs = 10 } of steps) {
      this.#nowMs += waitMs;
      const failed = fails === undefined ? {} : ({ status: "error", statusMessage: fails } as const);
      const span = this.#add("TOOL", tool, tookMs, { toolName: tool, ...failed });
      this.texts.set(span.spanId, { inputs: textOf(args), outputs: textOf(result) });
    }
    return this;
  }

  model(answer: Answer, change: Partial<DiagnosedSpan> = {}): this {
    const span = this.#add("LLM", "chat", 100, {
      finishReasons: answer.finish === undefined ? [] : [answer.finish],
      cost: { usd: answer.usd, source: answer.usd === undefined ? "unknown" : "computed", reportedUsd: undefined, priceVersion: "" },
      ...change,
    });
    const parts: Message["parts"] = [
      ...(answer.text === undefined ? [] : [{ type: "text" as const, content: answer.text }]),
      ...(answer.asks ?? []).map(({ tool, args, id }) => ({
        type: "tool_call" as const,
        ...(id === undefined ? {} : { id }),
        name: tool,
        arguments: args ?? null,
      })),
    ];
    const received = Object.entries(answer.received ?? {}).map(([id, response]) => ({ type: "tool_call_response" as const, id, response }));
    this.texts.set(span.spanId, {
      inputs: "",
      outputs: "",
      content: {
        inputMessages: received.length === 0 ? [] : [{ role: "tool", parts: received }],
        outputMessages: answer.text === undefined && answer.asks === undefined ? [] : [{ role: "assistant", parts }],
        toolDefinitions: answer.offered ?? [],
        toolArguments: undefined,
        toolResult: undefined,
      },
    });
    return this;
  }

  /** Spans as they were made, named s1, s2, …. */
  build(stepLimits?: ReadonlyMap<string, number>): TraceEvidence {
    return { spans: this.spans, textOf: (spanId) => this.texts.get(spanId), ...(stepLimits === undefined ? {} : { stepLimits }) };
  }

  #add(kind: DiagnosedSpan["kind"], name: string, tookMs: number, change: Partial<DiagnosedSpan>): DiagnosedSpan {
    const startNs = BigInt(Math.round(this.#nowMs * 1e6));
    this.#nowMs += tookMs;
    const span: DiagnosedSpan = {
      spanId: `s${this.spans.length + 1}`,
      parentSpanId: this.#agent,
      name,
      kind,
      startNs,
      endNs: BigInt(Math.round(this.#nowMs * 1e6)),
      status: "ok",
      statusMessage: "",
      errorType: "",
      finishReasons: [],
      cost: { usd: undefined, source: "none", reportedUsd: undefined, priceVersion: "" },
      duplicateOf: "",
      agentName: "",
      toolName: "",
      toolCallId: "",
      truncated: false,
      ...change,
    };
    this.spans.push(span);
    return span;
  }
}

function textOf(value: unknown): string {
  return value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
}
