import type { ProjectScope } from "@telltale/model";
import type { SpanPayload, StoredSpan, TraceQuestions } from "@telltale/store";

/** Content read at once: of as many spans as come to about this much text, guessed from those before; one span may hold megabytes. */
const CHARACTERS_PER_READ = 16 * 1024 * 1024;
const FIRST_READ = 100;
const MAX_READ = 10_000;

export interface SpansWithContent {
  spans: readonly StoredSpan[];
  /** By span id; a span whose content is kept no longer has none. */
  payloads: ReadonlyMap<string, SpanPayload>;
}

/**
 * The content of the spans of a trace, in their order, some at a time. Content lies in the order of ids, so that each read
 * goes over most of the trace: few large reads, of which one at a time lies in memory.
 */
export async function* spansWithContent(
  questions: Pick<TraceQuestions, "payloadsOf">,
  scope: ProjectScope,
  traceId: string,
  spans: readonly StoredSpan[],
  signal?: AbortSignal,
): AsyncGenerator<SpansWithContent> {
  let count = FIRST_READ;
  for (let at = 0; at < spans.length;) {
    const some = spans.slice(at, at + count);
    const wanted = some.length === spans.length ? undefined : some.map((span) => span.spanId);
    const payloads = await questions.payloadsOf(scope, traceId, wanted, signal);
    yield { spans: some, payloads: new Map(payloads.map((payload) => [payload.spanId, payload])) };
    at += some.length;
    const characters = payloads.reduce((sum, { inputs, outputs, raw }) => sum + inputs.length + outputs.length + raw.length, 0);
    count = Math.max(1, Math.min(MAX_READ, Math.floor((CHARACTERS_PER_READ * some.length) / Math.max(1, characters))));
  }
}
