import type { Random } from "./random.ts";

export type AttributeInput = string | number | boolean | readonly string[] | undefined;
export type AttributeInputs = Record<string, AttributeInput>;

/** Who emits a span: one OTLP resource. */
export interface Service {
  name: string;
  version: string;
  environment: string;
  instance: string;
}

export interface SpanOptions {
  /** OTLP SpanKind; 1 = internal. */
  otelKind?: 1 | 2 | 3;
  scope?: string;
  service?: Service;
  attributes?: AttributeInputs;
}

export interface DemoSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  otelKind: number;
  scope: string;
  service: Service;
  startMs: number;
  endMs: number;
  attributes: AttributeInputs;
  events: { timeMs: number; name: string; attributes: AttributeInputs }[];
  error: { type: string; message: string } | undefined;
}

/** Something that goes wrong in the simulated application: spans it passes through end with status error. */
export class SimulatedError extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly httpStatus?: number,
  ) {
    super(message);
  }
}

/**
 * Builds one trace by acting it out on a simulated clock: `span` opens a span, what happens inside moves the clock by
 * `wait`, and the span ends where the clock stands.
 */
export class TraceBuilder {
  readonly traceId: string;
  readonly spans: DemoSpan[] = [];
  readonly random: Random;
  readonly #service: Service;
  readonly #open: DemoSpan[] = [];
  #nowMs: number;

  constructor(random: Random, service: Service, startMs: number) {
    this.random = random;
    this.traceId = random.hex(32);
    this.#service = service;
    this.#nowMs = startMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  wait(ms: number): void {
    this.#nowMs += Math.max(0.02, ms);
  }

  /** Runs `work` inside a new span. A `SimulatedError` marks the span as failed and goes on to the caller. */
  span<T>(name: string, options: SpanOptions, work: (span: DemoSpan) => T): T {
    const parent = this.#open.at(-1);
    const span: DemoSpan = {
      traceId: this.traceId,
      spanId: this.random.hex(16),
      parentSpanId: parent?.spanId ?? "",
      name,
      otelKind: options.otelKind ?? 1,
      scope: options.scope ?? parent?.scope ?? "app",
      service: options.service ?? parent?.service ?? this.#service,
      startMs: this.#nowMs,
      endMs: this.#nowMs,
      attributes: { ...options.attributes },
      events: [],
      error: undefined,
    };
    this.spans.push(span);
    this.#open.push(span);
    try {
      return work(span);
    } catch (error) {
      if (error instanceof SimulatedError) this.#fail(span, error);
      throw error;
    } finally {
      this.#open.pop();
      span.endMs = this.#nowMs;
    }
  }

  /** Acts the pieces out from the same moment; afterwards the clock stands where the slowest ended. */
  parallel(works: readonly (() => void)[]): void {
    const startMs = this.#nowMs;
    let latestMs = startMs;
    for (const work of works) {
      this.#nowMs = startMs + this.random.unit() * 3;
      work();
      latestMs = Math.max(latestMs, this.#nowMs);
    }
    this.#nowMs = latestMs;
  }

  /**
   * Acts `work` out without consequence for the clock, and gives its spans back when `replay` is called: so a model can
   * ask for tool calls whose outcome is already known.
   */
  rehearse<T>(work: () => T): { result: T; replay: () => void } {
    const startMs = this.#nowMs;
    const from = this.spans.length;
    const result = work();
    const lengthMs = this.#nowMs - startMs;
    const acted = this.spans.splice(from);
    this.#nowMs = startMs;
    const replay = (): void => {
      const byMs = this.#nowMs - startMs;
      for (const span of acted) {
        span.startMs += byMs;
        span.endMs += byMs;
        for (const event of span.events) event.timeMs += byMs;
      }
      this.spans.push(...acted);
      this.#nowMs += lengthMs;
    };
    return { result, replay };
  }

  #fail(span: DemoSpan, error: SimulatedError): void {
    span.error = { type: error.type, message: error.message };
    span.attributes["error.type"] = error.type;
    if (error.httpStatus !== undefined) span.attributes["http.response.status_code"] = error.httpStatus;
    span.events.push({ timeMs: this.#nowMs, name: "exception", attributes: { "exception.type": error.type, "exception.message": error.message } });
  }
}
