import type { RawSpan, Span } from "@telltale/model";
import { family } from "./keys.ts";
import { count, text } from "./values.ts";

/** Status, error type, message and HTTP status from wherever a convention puts them: protocol notes §4.9. */
export function readStatus(raw: RawSpan, families: number, span: Span): void {
  const attributes = raw.attributes;
  span.errorType = text(attributes.get("error.type"));
  span.httpStatus = httpStatus(raw);
  const failed = raw.statusCode === 2 || span.errorType !== "" || (span.httpStatus ?? 0) >= 400 || saysError(raw, families);
  const exception = raw.events.length > 0 ? raw.events.find((event) => event.name === "exception") : undefined;
  // An explicit OK outweighs a recorded exception: the code caught it and went on.
  if (failed || (exception !== undefined && raw.statusCode !== 1)) span.status = "error";
  else if (raw.statusCode === 1) span.status = "ok";
  if (span.status !== "error") return;
  span.errorType ||= text(exception?.attributes.get("exception.type"));
  span.statusMessage ||=
    text(attributes.get("langfuse.observation.status_message")) ||
    text(attributes.get("error.message")) ||
    text(exception?.attributes.get("exception.message"));
}

function httpStatus(raw: RawSpan): number | undefined {
  const attributes = raw.attributes;
  const said = count(attributes.get("http.response.status_code")) ?? count(attributes.get("http.status_code")) ?? count(attributes.get("error.code"));
  return said !== undefined && said >= 100 && said <= 599 ? said : undefined;
}

function saysError(raw: RawSpan, families: number): boolean {
  const attributes = raw.attributes;
  if (families & family.langfuse && attributes.get("langfuse.observation.level") === "ERROR") return true;
  if (!(families & family.genAi)) return false;
  const status = attributes.get("gen_ai.tool.status") ?? attributes.get("gen_ai.task.status");
  return status === "error" || status === "failure" || status === "failed";
}
