import type { RawLog, RawSpan, SpanContent } from "@telltale/model";
import type { SpanDetail } from "@telltale/model/api";
import type { SpanPayload, StoredSpan } from "@telltale/store";
import { attributeJson, attributesJson } from "./attribute-json.ts";
import { messageOut } from "./message-out.ts";
import { recordOf, textOrNull } from "./plain-values.ts";
import { toSpanSkeleton } from "./span-skeleton.ts";
import { formatTimestamp } from "./timestamp.ts";

/** A payload understood: what was sent, and what it says. */
export interface ReadSpan {
  raw: RawSpan;
  content: SpanContent;
}

/**
 * One span whole, as JSON text. Inputs and outputs are spliced in verbatim where they are JSON, so that integers beyond
 * 2^53 and number forms survive and megabytes are not built up a second time.
 */
export function spanDetailJson(span: StoredSpan, payload: SpanPayload | undefined, read: ReadSpan | undefined, logs: readonly RawLog[]): string {
  const detail = JSON.stringify({
    ...toSpanSkeleton(span),
    ...identity(span),
    ...contentOut(read?.content),
    ...rawOut(span, read?.raw),
    logs: logs.map(logOut),
  });
  return `${detail.slice(0, -1)},"inputs":${contentJson(payload?.inputs ?? "")},"outputs":${contentJson(payload?.outputs ?? "")}}`;
}

/** Text that is a JSON object, array or string stands for itself; anything else is a string. `""` = none. */
export function contentJson(text: string): string {
  if (text === "") return "null";
  if (/^\s*[{["]/.test(text)) {
    try {
      JSON.parse(text);
      return text;
    } catch {
      // Looks like JSON and is not (cut off, or a template): a string then.
    }
  }
  return JSON.stringify(text);
}

type DetailFields = Omit<SpanDetail, keyof ReturnType<typeof toSpanSkeleton> | "inputs" | "outputs">;

function identity(span: StoredSpan): Pick<DetailFields, "trace_id" | "project_id" | "attributes"> {
  return { trace_id: span.traceId, project_id: span.projectId, attributes: recordOf(span.attributes) };
}

function contentOut(
  content: SpanContent | undefined,
): Omit<DetailFields, "trace_id" | "project_id" | "attributes" | "raw_attributes" | "resource" | "events" | "links" | "logs"> {
  return {
    input_messages: (content?.inputMessages ?? []).map(messageOut),
    output_messages: (content?.outputMessages ?? []).map(messageOut),
    system_instructions: textOrNull(content?.systemInstructions ?? ""),
    tool_definitions: content?.toolDefinitions ?? [],
    tool_arguments: content?.toolArguments ?? null,
    tool_result: content?.toolResult ?? null,
    documents: content?.documents ?? [],
    retrieval_query: textOrNull(content?.retrievalQuery ?? ""),
    embeddings: content?.embeddings === undefined ? null : { count: content.embeddings.count, dimension: content.embeddings.dimension ?? null },
    params: content?.params ?? {},
    prompt_template: textOrNull(content?.promptTemplate ?? ""),
    prompt_variables: content?.promptVariables ?? {},
    scores: content?.scores ?? [],
    handoff_to: textOrNull(content?.handoffTo ?? ""),
  };
}

function rawOut(span: StoredSpan, raw: RawSpan | undefined): Pick<DetailFields, "raw_attributes" | "resource" | "events" | "links"> {
  return {
    raw_attributes: raw === undefined ? recordOf(span.attributes) : attributesJson(raw.attributes),
    resource: raw === undefined ? {} : attributesJson(raw.resource.attributes),
    events: (raw?.events ?? []).map((event) => ({ time: formatTimestamp(event.timeNs), name: event.name, attributes: attributesJson(event.attributes) })),
    links: (raw?.links ?? []).map((link) => ({ trace_id: link.traceId, span_id: link.spanId, attributes: attributesJson(link.attributes) })),
  };
}

function logOut(log: RawLog): SpanDetail["logs"][number] {
  return {
    time: formatTimestamp(log.timeNs),
    name: log.eventName,
    severity: log.severityText,
    body: attributeJson(log.body),
    attributes: attributesJson(log.attributes),
  };
}
