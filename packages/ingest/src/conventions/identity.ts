import type { Attributes, RawSpan, Span } from "@telltale/model";
import { putMetadata } from "./attribute-map.ts";
import { resourceFacts } from "./blank.ts";
import { family, isTraceMetadata } from "./keys.ts";
import { record, stringList, text, unquotedText } from "./values.ts";

const MAX_LABELS = 100;

/** Session, user, labels, metadata, environment and version of the application, in the order of protocol notes §4.7. */
export function readIdentity(raw: RawSpan, families: number, span: Span): void {
  const attributes = raw.attributes;
  const metadata = families & (family.openInference | family.genAi) ? jsonMetadata(attributes, span) : undefined;
  span.sessionId = unquotedText(attributes.get("session.id")) || sessionOf(attributes, families) || looseSession(metadata, attributes, families);
  span.userId = unquotedText(attributes.get("user.id")) || userOf(attributes, families) || memberText(metadata, "user_id") || callerOf(attributes, families);
  readLabels(attributes, families, span);
  readDeployment(raw, families, span);
}

/** OpenInference carries user metadata as one JSON attribute. */
function jsonMetadata(attributes: Attributes, span: Span): Record<string, unknown> | undefined {
  const value = attributes.get("metadata");
  if (typeof value !== "string") return undefined;
  const parsed = record(value);
  if (parsed === undefined) return undefined;
  for (const [key, item] of Object.entries(parsed)) {
    if (isTraceMetadata(key) && item !== null) putMetadata(span.metadata, key, typeof item === "string" ? item : JSON.stringify(item));
  }
  return parsed;
}

function sessionOf(attributes: Attributes, families: number): string {
  let session = "";
  if (families & family.langfuse) session = text(attributes.get("langfuse.session.id"));
  if (session === "" && families & family.genAi) session = text(attributes.get("gen_ai.conversation.id"));
  if (session === "" && families & family.mlflow) session = unquotedText(attributes.get("mlflow.trace.session"));
  if (session === "" && families & family.traceloop) session = text(attributes.get("traceloop.association.properties.session_id"));
  if (session === "" && families & family.vercel) {
    session = text(attributes.get("ai.telemetry.metadata.sessionId")) || text(attributes.get("ai.settings.context.sessionId"));
  }
  if (session === "" && families & family.mastra) session = text(attributes.get("mastra.metadata.sessionId"));
  if (session === "" && families & family.laminar) session = text(attributes.get("lmnr.association.properties.session_id"));
  return session;
}

/** Names that mean a session only when nothing better was said. */
function looseSession(metadata: Record<string, unknown> | undefined, attributes: Attributes, families: number): string {
  const said = memberText(metadata, "session_id") || memberText(metadata, "thread_id") || memberText(metadata, "conversation_id");
  if (said !== "") return said;
  if (families & family.traceloop) {
    const thread = text(attributes.get("traceloop.association.properties.thread_id"));
    return thread || text(attributes.get("traceloop.association.properties.chat_id"));
  }
  return text(attributes.get("group_id"));
}

function userOf(attributes: Attributes, families: number): string {
  let user = families & family.langfuse ? text(attributes.get("langfuse.user.id")) : "";
  if (user === "") user = text(attributes.get("enduser.id"));
  if (user === "" && families & family.mlflow) user = unquotedText(attributes.get("mlflow.trace.user"));
  if (user === "" && families & family.traceloop) user = text(attributes.get("traceloop.association.properties.user_id"));
  if (user === "" && families & family.vercel) {
    user = text(attributes.get("ai.telemetry.metadata.userId")) || text(attributes.get("ai.settings.context.userId"));
  }
  if (user === "" && families & family.mastra) user = text(attributes.get("mastra.metadata.userId"));
  if (user === "" && families & family.laminar) user = text(attributes.get("lmnr.association.properties.user_id"));
  return user;
}

/** The `user` parameter of the model call. */
function callerOf(attributes: Attributes, families: number): string {
  const caller = families & family.llm ? text(attributes.get("llm.user")) : "";
  return caller === "" && families & family.genAi ? text(attributes.get("gen_ai.request.user")) : caller;
}

function readLabels(attributes: Attributes, families: number, span: Span): void {
  const value =
    attributes.get("tag.tags") ??
    (families & family.langfuse ? attributes.get("langfuse.trace.tags") : undefined) ??
    (families & family.vercel ? attributes.get("ai.telemetry.metadata.tags") : undefined) ??
    (families & family.mastra ? attributes.get("mastra.tags") : undefined) ??
    (families & family.laminar ? attributes.get("lmnr.association.properties.tags") : undefined) ??
    (span.dialect === "strands" ? attributes.get("tags") : undefined);
  if (value !== undefined) span.labels = stringList(value).slice(0, MAX_LABELS);
}

function readDeployment(raw: RawSpan, families: number, span: Span): void {
  const attributes = raw.attributes;
  const resource = resourceFacts(raw.resource);
  if (families & family.langfuse) {
    span.appVersion = text(attributes.get("langfuse.version")) || text(attributes.get("langfuse.release"));
    span.environment = text(attributes.get("langfuse.environment"));
    const traceName = text(attributes.get("langfuse.trace.name"));
    if (traceName !== "") span.traceTags.set("mlflow.traceName", traceName);
  }
  span.environment ||= text(attributes.get("deployment.environment.name")) || text(attributes.get("deployment.environment")) || resource.environment;
  span.appVersion ||= text(attributes.get("service.version")) || resource.version;
  span.serviceName ||= text(attributes.get("service.name"));
}

function memberText(object: Record<string, unknown> | undefined, key: string): string {
  const value = object?.[key];
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}
