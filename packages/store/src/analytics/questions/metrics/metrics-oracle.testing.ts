import type { Span, Trace } from "@telltale/model";
import type { MetricName } from "@telltale/model/api";
import type { WorldTrace } from "../world.testing.ts";

/** A row that a figure rests on, computed from a world in memory in the plainest way. */
export interface PlainRow {
  startNs: bigint;
  value: number | undefined;
  group: string[];
}

const spanFields = ["model", "provider", "tool", "agent", "kind", "span_name", "prompt", "error_type"];

/** The rows of a metric, once under each combination of values of the groups. */
export function plainRows(world: readonly WorldTrace[], metric: MetricName, groups: readonly string[]): PlainRow[] {
  return world.flatMap((item) => {
    const { trace, spans, assessments } = item;
    const row = (value: number | undefined, combination: string[]): PlainRow => ({ startNs: trace.startNs, value, group: combination });
    const isOfSpans = metric.startsWith("span_") || metric === "inter_token_ms";
    const ofSpans = groups.some((field) => spanFields.includes(field));
    if (isOfSpans || (ofSpans && spanValue(metric) !== undefined))
      return spans.flatMap(({ span }) => {
        const value = isOfSpans ? spanFigure(metric, span) : isCountedCall(span) ? spanValue(metric)?.(span) : "no row";
        if (value === "no row") return [];
        return product(groups.map((field) => (spanFields.includes(field) ? [spanText(field, span)] : traceTexts(field, trace)))).map((one) => row(value, one));
      });
    if (metric.startsWith("assessment_") || metric === "detection_count")
      return assessments.flatMap((one) => {
        const isDetection = one.metadata.has("telltale.detector");
        if (!one.valid || one.kind === "issue" || (metric !== "assessment_count" && one.kind !== "feedback")) return [];
        if ((metric === "assessment_value" && isDetection) || (metric === "detection_count" && !isDetection)) return [];
        const value = one.valueJson === undefined ? undefined : (JSON.parse(one.valueJson) as unknown);
        const own: Record<string, string> = {
          scorer: one.metadata.get("telltale.detector") ?? one.name,
          source: one.sourceType,
          value: typeof value === "string" ? value : (one.valueJson ?? ""),
        };
        const figure = metric === "assessment_value" ? numberOf(value) : 1;
        return combinations(item, groups, own).map((combination) => row(figure, combination));
      });
    return combinations(item, groups, {}).map((combination) => row(traceFigure(metric, item), combination));
  });
}

function combinations({ trace, spans }: WorldTrace, groups: readonly string[], own: Record<string, string>): string[][] {
  const fields = groups.filter((field) => spanFields.includes(field));
  const lists: Record<string, string[]> = { model: trace.models, provider: trace.providers, tool: trace.tools, agent: trace.agents, prompt: trace.prompts };
  const [only = ""] = fields;
  const unknown = fields.map(() => "unknown");
  const told = fields.length === 1 && lists[only] ? lists[only].map((value) => [value]) : spans.map(({ span }) => fields.map((field) => spanText(field, span)));
  const distinct = [...new Map(told.map((tuple) => [tuple.join("\0"), tuple])).values()].filter((tuple) => tuple.some((value) => value !== "unknown"));
  return (fields.length === 0 ? [[]] : distinct.length === 0 ? [unknown] : distinct).flatMap((tuple) =>
    product(
      groups.map((field) =>
        fields.includes(field) ? [tuple[fields.indexOf(field)] ?? ""] : own[field] !== undefined ? [own[field] || "unknown"] : traceTexts(field, trace),
      ),
    ),
  );
}

function product(lists: readonly (readonly string[])[]): string[][] {
  return lists.reduce<string[][]>((all, list) => all.flatMap((one) => list.map((value) => [...one, value])), [[]]);
}

function traceTexts(field: string, trace: Trace): string[] {
  if (field === "label") return trace.labels.length === 0 ? ["unknown"] : trace.labels;
  const texts: Record<string, string> = {
    project: trace.projectId,
    route: trace.name,
    service: trace.serviceName,
    environment: trace.environment,
    version: trace.appVersion,
    status: trace.status,
    user: trace.userId,
    session: trace.sessionId,
  };
  const text = field.startsWith("tags.") ? trace.tags.get(field.slice(5)) : field.startsWith("metadata.") ? trace.metadata.get(field.slice(9)) : texts[field];
  return [text || "unknown"];
}

function spanText(field: string, span: Span): string {
  const texts: Record<string, string> = {
    model: span.responseModel || span.requestModel,
    provider: span.provider,
    tool: span.toolName || (span.kind === "TOOL" ? span.name : ""),
    agent: span.agentName || (span.kind === "AGENT" ? span.name : ""),
    kind: span.kind,
    span_name: span.name,
    prompt: span.promptVersion === "" ? span.promptName : `${span.promptName}/${span.promptVersion}`,
    error_type: span.errorType,
  };
  return texts[field] || "unknown";
}

function isCountedCall(span: Span): boolean {
  return span.counted && !span.usageIsAggregate && (span.kind === "LLM" || span.kind === "EMBEDDING");
}

function spanFigure(metric: MetricName, span: Span): number | undefined | "no row" {
  if (metric === "inter_token_ms") {
    if (!isCountedCall(span) || (span.stream !== true && span.ttftMs === undefined)) return "no row";
    const restMs = Number(span.endNs - span.startNs) / 1e6 - (span.ttftMs ?? Number.NaN);
    return restMs >= 0 && (span.usage.output ?? 0) > 1 ? restMs / ((span.usage.output ?? 0) - 1) : undefined;
  }
  if (metric === "span_error_rate") return span.status === "error" ? 1 : 0;
  return metric === "span_latency_ms" ? Number(span.endNs - span.startNs) / 1e6 : 1;
}

function spanValue(metric: MetricName): ((span: Span) => number | undefined) | undefined {
  const values: Partial<Record<MetricName, (span: Span) => number | undefined>> = {
    ttft_ms: (span) => span.ttftMs,
    tokens: ({ usage }) => (usage.input === undefined && usage.output === undefined ? undefined : (usage.input ?? 0) + (usage.output ?? 0)),
    input_tokens: (span) => span.usage.input,
    output_tokens: (span) => span.usage.output,
    cached_tokens: (span) => span.usage.cacheRead,
    cache_write_tokens: (span) => span.usage.cacheWrite,
    reasoning_tokens: (span) => span.usage.reasoning,
    cost_usd: (span) => span.cost.usd,
  };
  return values[metric];
}

function traceFigure(metric: MetricName, { trace, assessments }: WorldTrace): number | undefined {
  const isScored = assessments.some((one) => one.valid && one.kind === "feedback" && one.valueJson !== undefined && !one.metadata.has("telltale.detector"));
  const values: Partial<Record<MetricName, number | undefined>> = {
    trace_count: 1,
    session_count: numberOfText(trace.sessionId),
    user_count: numberOfText(trace.userId),
    error_rate: trace.status === "error" ? 1 : 0,
    scored_rate: isScored ? 1 : 0,
    latency_ms: trace.durationMs,
    ttft_ms: trace.ttftMs,
    tokens: trace.tokens.total,
    input_tokens: trace.tokens.input,
    output_tokens: trace.tokens.output,
    cached_tokens: trace.tokens.cacheRead,
    cache_write_tokens: trace.tokens.cacheWrite,
    reasoning_tokens: trace.tokens.reasoning,
    cost_usd: trace.costUsd,
  };
  return values[metric];
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  const text = String(value).toLowerCase();
  if (text === "yes" || text === "true") return 1;
  return text === "no" || text === "false" ? 0 : undefined;
}

const texts: string[] = [""];

/** A number that stands for a text, so that different values can be counted; undefined for none. */
function numberOfText(text: string): number | undefined {
  if (!texts.includes(text)) texts.push(text);
  return text === "" ? undefined : texts.indexOf(text);
}

/** The rows of a metric that counts different values: each once in a group. */
export function distinctRows(rows: readonly PlainRow[]): PlainRow[] {
  const known = rows.filter(({ value }) => value !== undefined);
  return [...new Map(known.map((row) => [`${row.value}|${row.group.join("|")}`, { ...row, value: 1 }])).values()];
}

/** The quantile between the two nearest values, as most tools compute it. */
export function quantile(values: readonly number[], level: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = level * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  return low + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] ?? low) - low);
}
