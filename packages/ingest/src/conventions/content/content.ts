import type { RawLog, RawSpan, SpanContent } from "@telltale/model";
import { keyInfo } from "../keys.ts";
import { conventionOf, conventions } from "../registry.ts";
import { eventContent } from "./events.ts";
import { blankContent, hoistInstructions } from "./fill.ts";

/**
 * What a span says: messages, tool calls, documents, parameters, scores. Read from raw attributes, events and log
 * records when somebody opens the span, so that only raw has to be stored.
 */
export function readContent(raw: RawSpan, logs: readonly RawLog[] = []): SpanContent {
  let families = 0;
  for (const key of raw.attributes.keys()) families |= keyInfo(key).family;
  const content = blankContent();
  const convention = conventionOf(raw, families);
  convention.content?.(raw, content, logs);
  for (const next of conventions) {
    if ((next.families & families) !== 0 && next !== convention) next.content?.(raw, content, logs);
  }
  eventContent(raw, logs, content);
  hoistInstructions(content);
  content.handoffTo = handoff(raw, content);
  return content;
}

/** Frameworks hand over by calling a tool named `transfer_to_<agent>`, or write a span `handoff to <agent>`. */
function handoff(raw: RawSpan, content: SpanContent): string {
  const named = /^handoff to (.+)$/.exec(raw.name)?.[1];
  if (named !== undefined) return named;
  const called = content.outputMessages.flatMap((message) => message.parts).find((part) => part.type === "tool_call" && part.name.startsWith("transfer_to_"));
  if (called?.type !== "tool_call") return "";
  const target = called.name.slice("transfer_to_".length);
  if (target !== "agent") return target;
  const args = called.arguments;
  const agent = typeof args === "object" && args !== null && "agent_name" in args ? args.agent_name : "";
  return typeof agent === "string" ? agent : "";
}
