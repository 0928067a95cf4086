import type { RawLog, RawSpan, Span, SpanKind } from "@telltale/model";
import { readAttributes } from "./attribute-map.ts";
import { blankSpan } from "./blank.ts";
import { blankContent } from "./content/fill.ts";
import { eventContent, isContentEvent } from "./content/events.ts";
import { finishReason } from "./finish-reason.ts";
import { readIdentity } from "./identity.ts";
import { providerOfModel } from "./provider.ts";
import { conventionOf, conventions } from "./registry.ts";
import { readStatus } from "./status.ts";
import { readTimeToFirstToken } from "./time-to-first-token.ts";
import { usageFlawsOf } from "./usage-flaws.ts";
import { hasUsage, makeInclusive } from "./usage.ts";

const noLogs: readonly RawLog[] = [];
const MAX_FINISH_REASONS = 32;

/**
 * A span of any framework in the canonical form. Pure and total: no attribute value makes it throw. `logs` are the log
 * records of this span that are known so far; run it again when more arrive. Prices and de-duplication come later
 * (`cost` holds only what was reported, `counted` is true).
 */
export function normaliseSpan(raw: RawSpan, logs: readonly RawLog[] = noLogs): Span {
  const span = blankSpan(raw);
  const families = readAttributes(raw, span);
  const convention = conventionOf(raw, families);
  span.dialect = convention.name;
  span.kind = convention.kind(raw);
  convention.read(raw, span);
  for (const next of conventions) {
    if ((next.families & families) !== 0 && next !== convention) next.read(raw, span);
  }
  if (raw.events.length > 0 || logs.length > 0) readEvents(raw, logs, span);
  readIdentity(raw, families, span);
  readStatus(raw, families, span);
  readTimeToFirstToken(raw, families, span);
  finish(raw, span);
  return span;
}

/** Content that travels in events or log records, where no attribute held it. */
function readEvents(raw: RawSpan, logs: readonly RawLog[], span: Span): void {
  if (span.inputs !== "" && span.outputs !== "") return;
  if (logs.length === 0 && !raw.events.some((event) => isContentEvent(event.name))) return;
  const content = blankContent();
  eventContent(raw, logs, content);
  if (span.inputs === "" && content.inputMessages.length > 0) span.inputs = JSON.stringify(content.inputMessages);
  if (span.outputs === "" && content.outputMessages.length > 0) span.outputs = JSON.stringify(content.outputMessages);
}

const billable = new Set<SpanKind>(["LLM", "EMBEDDING", "RERANKER"]);

/** What holds for every convention. */
function finish(raw: RawSpan, span: Span): void {
  if (span.provider === "") span.provider = providerOfModel(span.responseModel) || providerOfModel(span.requestModel);
  // Instrumentations that see no usage write 0 and 0 (Traceloop 0.40 on streams): not reported.
  if (span.usage.input === 0 && (span.usage.output ?? 0) === 0) span.usage.input = span.usage.output = undefined;
  if (span.kind === "EMBEDDING" && span.usage.output === 0) span.usage.output = undefined;
  if (billable.has(span.kind)) span.usageFlaws = usageFlawsOf(raw, span);
  makeInclusive(span);
  span.usageIsAggregate = hasUsage(span.usage) && !billable.has(span.kind);
  if (span.finishReasons.length > 0) span.finishReasons = span.finishReasons.slice(0, MAX_FINISH_REASONS).map(finishReason);
  if (span.kind === "AGENT" && span.agentName === "") span.agentName = span.name;
  if (span.kind === "EMBEDDING" && isVector(span.outputs)) span.outputs = "";
  span.noise ||= span.kind === "CHAIN" && isPlumbing(span.name);
}

/** LangChain's connectors between steps. */
function isPlumbing(name: string): boolean {
  return name.startsWith("Runnable") || name.startsWith("execute_task Runnable") || name.endsWith("._prepare_chat_with_tools");
}

/** Vectors are numbers for machines: kept in raw, never shown or searched. */
function isVector(outputs: string): boolean {
  return outputs.length > 256 || outputs.includes('"embedding"') || outputs.startsWith("[");
}
