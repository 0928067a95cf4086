import { type Assessment, extraWords, queryWords, storedTraceId, mlflowTraceId } from "@telltale/model";
import type { Field, Filter, Literal } from "@telltale/model/filter";
import type { WorldSpan, WorldTrace } from "./world.testing.ts";

type Compare = Extract<Filter, { kind: "compare" }>;
type Value = string | number | boolean | undefined;

/** Evaluates a filter over traces in memory, as plainly as possible: what the SQL must agree with. */
export function matches(filter: Filter, item: WorldTrace, world: readonly WorldTrace[]): boolean {
  switch (filter.kind) {
    case "and":
      return filter.items.every((part) => matches(part, item, world));
    case "or":
      return filter.items.some((part) => matches(part, item, world));
    case "not":
      return !matches(filter.item, item, world);
    case "span_exists":
      return item.spans.some((span) => filter.items.every((clause) => spanMatches(clause, span)));
    case "compare":
      return traceMatches(filter, item, world);
  }
}

function traceMatches(clause: Compare, item: WorldTrace, world: readonly WorldTrace[]): boolean {
  const { field } = clause;
  const { trace } = item;
  switch (field.entity) {
    case "trace":
      return traceField(field.name, clause, item, world);
    case "tag":
      return scalar(clause, field.key === "mlflow.traceName" ? filled(trace.name) : trace.tags.get(field.key));
    case "metadata":
      return scalar(
        clause,
        field.key === "mlflow.trace.session"
          ? filled(trace.sessionId)
          : field.key === "mlflow.trace.user"
            ? filled(trace.userId)
            : trace.metadata.get(field.key),
      );
    case "prompt":
      return list(clause, trace.prompts);
    case "feedback":
    case "expectation":
      return assessed(
        clause,
        assessmentsFor(item, world).filter((one) => one.kind === field.entity && one.name === field.name),
        (one) => assessmentMatches(clause, one),
      );
    case "issue":
      return assessed(
        clause,
        assessmentsFor(item, world).filter((one) => one.kind === "issue"),
        (one) => scalar(clause, field.name === "id" ? one.name : filled(textOfValue(one))),
      );
    default:
      return item.spans.some((span) => spanMatches(clause, span));
  }
}

function traceField(name: Extract<Field, { entity: "trace" }>["name"], clause: Compare, item: WorldTrace, world: readonly WorldTrace[]): boolean {
  const { trace } = item;
  switch (name) {
    case "trace_id":
      return isPattern(clause) ? scalar(clause, mlflowTraceId(trace.traceId)) : scalar(mapped(clause, storedTraceId), trace.traceId);
    case "project_id":
      return scalar(clause, trace.projectId);
    case "status":
      return isPattern(clause)
        ? scalar(clause, trace.status === "unset" ? "STATE_UNSPECIFIED" : trace.status.toUpperCase())
        : scalar(
            mapped(clause, (text) => text.toLowerCase().replace("state_unspecified", "unset")),
            trace.status,
          );
    case "name":
      return scalar(clause, filled(trace.name));
    case "client_request_id":
      return scalar(clause, filled(trace.clientRequestId));
    case "session":
      return scalar(clause, filled(trace.sessionId));
    case "user":
      return scalar(clause, filled(trace.userId));
    case "environment":
      return scalar(clause, filled(trace.environment));
    case "version":
      return scalar(clause, filled(trace.appVersion));
    case "run_id":
      return list(clause, trace.runIds);
    case "service":
      return list(clause, trace.services);
    case "model":
      return list(clause, trace.models);
    case "provider":
      return list(clause, trace.providers);
    case "tool":
      return list(clause, trace.tools);
    case "failed_tool":
      return list(clause, trace.failedTools);
    case "agent":
      return list(clause, trace.agents);
    case "label":
      return list(clause, trace.labels);
    case "detector":
    case "diagnostic": {
      const key = `telltale.${name}`;
      return assessed(
        clause,
        assessmentsFor(item, world).filter((one) => one.metadata.has(key)),
        (one) => scalar(clause, one.metadata.get(key)),
      );
    }
    case "timestamp_ms":
      return scalar(clause, ms(trace.startNs));
    case "end_time_ms":
      return scalar(clause, ms(trace.endNs));
    case "duration_ms":
      return scalar(clause, trace.durationMs);
    case "execution_time_ms":
      return scalar(clause, Math.floor(trace.durationMs));
    case "span_count":
      return scalar(clause, trace.spanCount);
    case "error_count":
      return scalar(clause, trace.errorCount);
    case "llm_calls":
      return scalar(clause, trace.llmCalls);
    case "cost_usd":
      return scalar(clause, trace.costUsd);
    case "ttft_ms":
      return scalar(clause, trace.ttftMs);
    case "tokens.total":
      return scalar(clause, trace.tokens.total);
    case "tokens.input":
      return scalar(clause, trace.tokens.input);
    case "tokens.output":
      return scalar(clause, trace.tokens.output);
    case "tokens.cache_read":
      return scalar(clause, trace.tokens.cacheRead);
    case "has_error":
      return scalar(clause, trace.errorCount > 0 || trace.status === "error");
    case "complete":
      return scalar(clause, trace.complete);
  }
}

function spanMatches(clause: Compare, { span, inputs, outputs, raw }: WorldSpan): boolean {
  const { field } = clause;
  if (field.entity === "content")
    return clause.op === "~" ? hasWords(text(clause.values[0]), inputs, outputs) : [inputs, outputs, raw].some((part) => pattern(clause, part));
  if (field.entity === "span_attribute") {
    const value = span.attributes.get(field.key);
    return isPattern(clause) || clause.values.length === 0
      ? scalar(clause, value)
      : scalar(clause, value !== undefined && clause.values.some((one) => JSON.stringify(text(one)) === value) ? (JSON.parse(value) as string) : value);
  }
  if (field.entity !== "span") throw new Error(field.entity);
  switch (field.name) {
    case "type": {
      const types = [span.kind, (span.attributes.get("mlflow.spanType") ?? "").replaceAll('"', "")];
      if (clause.op === "!=" || clause.op === "NOT IN") return types.every((type) => scalar(clause, type));
      return types.some((type) => scalar(clause, type));
    }
    case "name":
      return scalar(clause, span.name);
    case "status":
      return isPattern(clause)
        ? scalar(clause, span.status.toUpperCase())
        : scalar(
            mapped(clause, (value) => value.toLowerCase()),
            span.status,
          );
    case "model":
      return scalar(clause, filled(span.responseModel || span.requestModel));
    case "provider":
      return scalar(clause, filled(span.provider));
    case "tool":
      return scalar(clause, filled(span.toolName));
    case "agent":
      return scalar(clause, filled(span.agentName));
    case "service":
      return scalar(clause, filled(span.serviceName));
    case "error_type":
      return scalar(clause, filled(span.errorType));
    case "duration_ms":
      return scalar(clause, Number(span.endNs - span.startNs) / 1e6);
    case "cost_usd":
      return scalar(clause, span.cost.usd);
  }
}

function assessmentsFor(item: WorldTrace, world: readonly WorldTrace[]): Assessment[] {
  const ofSession = world
    .filter((other) => other.trace.projectId === item.trace.projectId)
    .flatMap((other) => other.assessments)
    .filter((one) => item.trace.sessionId !== "" && one.metadata.get("mlflow.trace.session") === item.trace.sessionId);
  return [...item.assessments, ...ofSession].filter((one) => one.valid);
}

function assessed(clause: Compare, all: Assessment[], test: (one: Assessment) => boolean): boolean {
  if (clause.op === "IS NULL") return all.length === 0;
  if (clause.op === "IS NOT NULL") return all.length > 0;
  return all.some(test);
}

function textOfValue(one: Assessment): string {
  if (one.valueJson === undefined) return "";
  const value: unknown = JSON.parse(one.valueJson);
  return typeof value === "string" ? value : one.valueJson;
}

function assessmentMatches(clause: Compare, one: Assessment): boolean {
  if (one.valueJson === undefined) return false;
  const value: unknown = JSON.parse(one.valueJson);
  const number = typeof value === "number" ? value : undefined;
  const equal = (literal: Literal): boolean =>
    text(literal) === textOfValue(one) || (number !== undefined && text(literal).trim() !== "" && Number(text(literal)) === number);
  switch (clause.op) {
    case "=":
    case "IN":
      return clause.values.some(equal);
    case "!=":
    case "NOT IN":
      return !clause.values.some(equal);
    case "LIKE":
    case "ILIKE":
    case "RLIKE":
      return pattern(clause, textOfValue(one));
    default:
      return scalar(clause, number);
  }
}

function hasWords(query: string, inputs: string, outputs: string): boolean {
  const words = new Set(
    [inputs, outputs].flatMap((part) => [
      ...(part.match(/[A-Za-z0-9\u0080-\u{10FFFF}]+/gu) ?? []).map((word) => word.toLowerCase()),
      ...extraWords(part).split(" "),
    ]),
  );
  const { ascii, extra, within } = queryWords(query);
  if (ascii.length + extra.length + within.length === 0) return [inputs, outputs].some((part) => part.includes(query.trim()));
  return [...ascii, ...extra].every((word) => words.has(word)) && within.every((char) => extraWords(`${inputs}\n${outputs}`).includes(char));
}

function list(clause: Compare, items: readonly string[]): boolean {
  if (clause.op === "IS NULL") return items.length === 0;
  if (clause.op === "IS NOT NULL") return items.length > 0;
  if (clause.op === "!=" || clause.op === "NOT IN") return items.length > 0 && items.every((one) => scalar(clause, one));
  return items.some((one) => scalar(clause, one));
}

/** Two-valued: nothing but IS NULL holds where there is no value. */
function scalar(clause: Compare, value: Value): boolean {
  if (clause.op === "IS NULL") return value === undefined;
  if (clause.op === "IS NOT NULL") return value !== undefined;
  if (value === undefined) return false;
  const wanted = clause.values.map((one) => (typeof value === "string" ? text(one) : one.type === "boolean" ? one.value : Number(text(one))));
  const [first] = wanted;
  switch (clause.op) {
    case "=":
    case "IN":
      return wanted.includes(value);
    case "!=":
    case "NOT IN":
      return !wanted.includes(value);
    case ">":
      return Number(value) > Number(first);
    case ">=":
      return Number(value) >= Number(first);
    case "<":
      return Number(value) < Number(first);
    case "<=":
      return Number(value) <= Number(first);
    default:
      return pattern(clause, String(value));
  }
}

function pattern(clause: Compare, value: string): boolean {
  const source = text(clause.values[0]);
  if (clause.op === "RLIKE") return new RegExp(source, "su").test(value);
  const expression = source.replaceAll(/\\[%_\\]|[%_]|[^%_\\]|\\/gsu, (part) =>
    part === "%"
      ? ".*"
      : part === "_"
        ? "."
        : (part.length === 2 && part.startsWith("\\") ? part.slice(1) : part).replaceAll(/[\\^$.*+?()[\]{}|/]/g, (char) => `\\${char}`),
  );
  return new RegExp(`^${expression}$`, clause.op === "ILIKE" ? "sui" : "su").test(value);
}

function isPattern(clause: Compare): boolean {
  return clause.op === "LIKE" || clause.op === "ILIKE" || clause.op === "RLIKE";
}

function mapped(clause: Compare, change: (value: string) => string): Compare {
  return { ...clause, values: clause.values.map((one) => ({ type: "string", value: change(text(one)) })) };
}

function text(value: Literal | undefined): string {
  return value === undefined ? "" : value.type === "number" ? value.text : String(value.value);
}

function filled(value: string): string | undefined {
  return value === "" ? undefined : value;
}

function ms(ns: bigint): number {
  return Number(ns / 1_000_000n);
}
