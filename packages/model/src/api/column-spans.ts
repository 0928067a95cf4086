import type { SpanColumns } from "./span-columns.ts";
import type { SpanSkeleton } from "./traces.ts";

/**
 * One row of the columns. Nothing is copied: 50,000 spans with all their fields as objects of their own would be felt. Apart
 * from the schema, so that the web app, which needs this on every page, loads no schemas.
 */
export class ColumnSpan {
  constructor(
    private readonly columns: SpanColumns,
    private readonly at: number,
  ) {}

  get span_id(): string {
    return this.columns.span_id[this.at] ?? "";
  }
  get parent_span_id(): string | null {
    return this.#text("parent_span_id");
  }
  get name(): string {
    return this.#coded("name") ?? "";
  }
  get kind(): string {
    return this.#coded("kind") ?? "";
  }
  get start_ms(): number {
    return this.columns.start_ms[this.at] ?? 0;
  }
  get start_time(): string {
    return later(this.columns.first_start ?? "", this.start_ms);
  }
  get duration_ms(): number {
    return this.columns.duration_ms[this.at] ?? 0;
  }
  get status(): SpanSkeleton["status"] {
    return codedAt(this.columns.status, this.at) ?? "unset";
  }
  get status_message(): string | null {
    return this.#text("status_message");
  }
  get error_type(): string | null {
    return this.#text("error_type");
  }
  get service(): string | null {
    return this.#text("service");
  }
  get model(): string | null {
    return this.#text("model");
  }
  get request_model(): string | null {
    return this.#text("request_model");
  }
  get service_tier(): string | null {
    return this.#text("service_tier");
  }
  get usage(): SpanSkeleton["usage"] {
    return {
      input_tokens: this.#number("input_tokens"),
      output_tokens: this.#number("output_tokens"),
      cache_read_tokens: this.#number("cache_read_tokens"),
      cache_write_tokens: this.#number("cache_write_tokens"),
      cache_write_1h_tokens: this.#number("cache_write_1h_tokens"),
      reasoning_tokens: this.#number("reasoning_tokens"),
      input_audio_tokens: this.#number("input_audio_tokens"),
      output_audio_tokens: this.#number("output_audio_tokens"),
      input_image_tokens: this.#number("input_image_tokens"),
    };
  }
  get usage_is_aggregate(): boolean {
    return this.columns.usage_is_aggregate[this.at] ?? false;
  }
  get cost_usd(): number | null {
    return this.#number("cost_usd");
  }
  get cost_source(): SpanSkeleton["cost_source"] {
    return codedAt(this.columns.cost_source, this.at) ?? "none";
  }
  get cost_reported_usd(): number | null {
    return this.#number("cost_reported_usd");
  }
  get price_version(): string | null {
    return this.#text("price_version");
  }
  get ttft_ms(): number | null {
    return this.#number("ttft_ms");
  }
  get agent_name(): string | null {
    return this.#text("agent_name");
  }
  get tool_name(): string | null {
    return this.#text("tool_name");
  }
  get counted(): boolean {
    return this.columns.counted[this.at] ?? true;
  }
  get duplicate_of(): SpanSkeleton["duplicate_of"] {
    const reference = this.#coded("duplicate_of") ?? "";
    const colon = reference.lastIndexOf(":");
    return colon < 0 ? null : { trace_id: reference.slice(0, colon), span_id: reference.slice(colon + 1) };
  }
  get noise(): boolean {
    return this.columns.noise[this.at] ?? false;
  }

  #coded(column: KeysOf<Coded<string>>): string | undefined {
    return codedAt<string>(this.columns[column], this.at);
  }

  #text(column: KeysOf<Coded<string>>): string | null {
    const text = this.#coded(column);
    return text === undefined || text === "" ? null : text;
  }

  #number(column: KeysOf<(number | null)[]>): number | null {
    return this.columns[column][this.at] ?? null;
  }
}

type KeysOf<Column> = { [Key in keyof SpanColumns]: SpanColumns[Key] extends Column ? Key : never }[keyof SpanColumns];

interface Coded<Text> {
  values: readonly Text[];
  at: readonly number[];
}

function codedAt<Text>({ values, at }: Coded<Text>, index: number): Text | undefined {
  return values[at.length === 0 ? 0 : (at[index] ?? -1)];
}

export function columnSpans(columns: SpanColumns): ColumnSpan[] {
  return columns.span_id.map((_id, at) => new ColumnSpan(columns, at));
}

/** An RFC 3339 time some milliseconds later, in as many digits as it has: three at least, or six, or nine. */
function later(time: string, ms: number): string {
  const [, seconds = "", fraction = ""] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(time) ?? [];
  if (seconds === "") return time;
  const ns = BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, "0")) + BigInt(Math.round(ms * 1e6));
  const prefix = new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 20);
  const digits = String(ns % 1_000_000_000n).padStart(9, "0");
  return `${prefix}${digits.replace(/(000){1,2}$/, "")}Z`;
}
