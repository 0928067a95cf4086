import { z } from "zod";
import type { ScoredSpan, ScoredTrace } from "../subject.ts";
import type { JudgeTool } from "./judge.ts";

const PAGE_SPANS = 100;
const PAGE_TEXT = 8_000;
const MAX_HITS = 20;
const AROUND_HIT = 120;

const ListSpans = z.object({ offset: z.number().int().min(0).default(0) });
const GetSpan = z.object({ span_id: z.string(), part: z.enum(["inputs", "outputs"]), offset: z.number().int().min(0).default(0) });
const SearchSpans = z.object({ text: z.string().min(1).max(200) });

/** What a judge may look up in a trace that is too long to be shown whole: its spans, what went in and out of each, and where a text occurs. */
export function traceTools(trace: ScoredTrace): JudgeTool[] {
  const byId = new Map(trace.spans.map((span) => [span.spanId, span]));
  return [
    tool("list_spans", `Lists the ${trace.spans.length} spans of the trace in order, ${PAGE_SPANS} from offset on.`, ListSpans, ({ offset }) =>
      trace.spans
        .slice(offset, offset + PAGE_SPANS)
        .map(spanLine)
        .join("\n"),
    ),
    tool("get_span", `What went into or came out of a span, ${PAGE_TEXT} characters from offset on.`, GetSpan, ({ span_id: id, part, offset }) => {
      const span = byId.get(id);
      if (span === undefined) return `There is no span ${id}.`;
      const text = span[part];
      const rest = text.length - offset - PAGE_TEXT;
      return `${text.slice(offset, offset + PAGE_TEXT)}${rest > 0 ? `\n[${rest} more characters]` : ""}`;
    }),
    tool("search_spans", `Spans in which a text occurs, with what stands around it; at most ${MAX_HITS}.`, SearchSpans, ({ text }) =>
      searchIn(trace.spans, text),
    ),
  ];
}

export function spanLine(span: ScoredSpan): string {
  const failed = span.status === "error" ? ` FAILED: ${span.statusMessage.slice(0, 200)}` : "";
  return `${span.spanId} (parent ${span.parentSpanId || "none"}) ${span.kind} ${span.name}, ${Math.round(span.durationMs)} ms, in ${span.inputs.length} and out ${span.outputs.length} characters${failed}`;
}

function searchIn(spans: readonly ScoredSpan[], text: string): string {
  const wanted = text.toLowerCase();
  const hits = spans.flatMap((span) =>
    (["inputs", "outputs"] as const).flatMap((part) => {
      const at = span[part].toLowerCase().indexOf(wanted);
      return at < 0 ? [] : [`${span.spanId} ${part} at ${at}: …${span[part].slice(Math.max(0, at - AROUND_HIT), at + wanted.length + AROUND_HIT)}…`];
    }),
  );
  return hits.length === 0 ? "It occurs nowhere." : hits.slice(0, MAX_HITS).join("\n");
}

/** Wrong arguments are answered with what is wrong, so that the model can try again. */
function tool<Given>(name: string, description: string, schema: z.ZodType<Given>, run: (given: Given) => string): JudgeTool {
  return {
    name,
    description,
    parameters: z.toJSONSchema(schema, { io: "input" }),
    run: (given) => {
      const parsed = schema.safeParse(given);
      return parsed.success ? run(parsed.data) : `Wrong arguments: ${parsed.error.issues[0]?.message ?? "not understood"}`;
    },
  };
}
