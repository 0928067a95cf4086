import { randomBytes } from "node:crypto";
import type { JudgeCall, JudgeModel } from "@telltale/score";
import type { Ingest } from "../pipeline/ingest.ts";

/** Where the calls of judges are kept, apart from the traffic that they judge. */
export const JUDGE_PROJECT = "Telltale judges";

/**
 * Keeps the calls of one judgement as a trace (OTLP, GenAI conventions), like any other application's, and answers with its
 * id. Marked by its source, so that no scorer judges judges. A judge that cannot be traced still judges.
 */
export async function recordJudgeTrace(ingest: Ingest, model: JudgeModel, calls: readonly JudgeCall[]): Promise<string | undefined> {
  const [first] = calls;
  if (first === undefined) return undefined;
  const traceId = randomBytes(16).toString("hex");
  const rootId = randomBytes(8).toString("hex");
  const endMs = Math.max(...calls.map((call) => call.endMs));
  const failed = calls.at(-1)?.error;
  const spans = [
    span({ traceId, spanId: rootId, parentSpanId: "", name: "judge", startMs: first.startMs, endMs, error: failed }, [
      ["openinference.span.kind", "EVALUATOR"],
      ["input.value", first.prompt],
      ["output.value", calls.at(-1)?.answer ?? ""],
      ["mlflow.traceTag.telltale.source", "judge"],
    ]),
    ...calls.map((call) =>
      span({ traceId, spanId: randomBytes(8).toString("hex"), parentSpanId: rootId, name: `chat ${nameOf(model)}`, ...call }, [
        ["gen_ai.operation.name", "chat"],
        ["gen_ai.request.model", nameOf(model)],
        ["gen_ai.provider.name", model.uri.split(":")[0] ?? ""],
        ["gen_ai.input.messages", messages(["system", call.system], ["user", call.prompt])],
        ["gen_ai.output.messages", messages(["assistant", call.answer])],
        ["gen_ai.usage.input_tokens", call.inputTokens],
        ["gen_ai.usage.output_tokens", call.outputTokens],
      ]),
    ),
  ];
  const body = Buffer.from(
    JSON.stringify({ resourceSpans: [{ resource: { attributes: [attribute("service.name", "telltale-judge")] }, scopeSpans: [{ spans }] }] }),
  );
  try {
    await ingest.traces({ body, format: "json", project: { projectName: JUDGE_PROJECT }, route: "judge", client: "telltale" });
    return traceId;
  } catch {
    return undefined; // overload: counted by ingest; the score says that it has no trace
  }
}

interface SpanFacts {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  startMs: number;
  endMs: number;
  error: string | undefined;
}

function span(facts: SpanFacts, attributes: readonly (readonly [string, string | number | undefined])[]) {
  return {
    traceId: facts.traceId,
    spanId: facts.spanId,
    parentSpanId: facts.parentSpanId,
    name: facts.name,
    startTimeUnixNano: `${facts.startMs}000000`,
    endTimeUnixNano: `${facts.endMs}000000`,
    attributes: attributes.flatMap(([key, value]) => (value === undefined || value === "" ? [] : [attribute(key, value)])),
    status: facts.error === undefined ? { code: 1 } : { code: 2, message: facts.error },
  };
}

function attribute(key: string, value: string | number) {
  return { key, value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value } };
}

function messages(...said: (readonly [string, string])[]): string {
  return JSON.stringify(said.map(([role, content]) => ({ role, parts: [{ type: "text", content }] })));
}

function nameOf(model: JudgeModel): string {
  return model.uri.replace(/^[\w.-]+:?\//, "");
}
