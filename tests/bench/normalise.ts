/**
 * CPU time of normalising one span: every capture, and an ordinary call of 2 kB with 12 attributes in the conventions
 * that send most. Run: npx tsx tests/bench/normalise.ts — fails when an ordinary span takes more than 12 µs.
 */
import { assembleTrace, decodeTraces, normaliseSpan, settleTrace, toAssemblySpan } from "@telltale/ingest";
import type { AttributeValue, RawSpan } from "@telltale/model";
import { captures } from "../../packages/ingest/src/otlp/capture-files.ts";

const LIMIT_US = 12;
const ROUNDS = 5;
const ROUND_US = 400_000;

const question = "Please compare the refund policies of both shops and say which one is better for the customer. ".repeat(9);
const ordinary: Record<string, Record<string, AttributeValue>> = {
  "GenAI semconv": {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o-mini",
    "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
    "gen_ai.response.id": "chatcmpl-1",
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": 114,
    "gen_ai.usage.output_tokens": 25,
    "gen_ai.conversation.id": "sess-7",
    "server.address": "api.openai.com",
    "gen_ai.input.messages": JSON.stringify([{ role: "user", parts: [{ type: "text", content: question }] }]),
    "gen_ai.output.messages": JSON.stringify([{ role: "assistant", parts: [{ type: "text", content: question }] }]),
  },
  MLflow: {
    "mlflow.traceRequestId": '"tr-0af7651916cd43dd8448eb211c80319c"',
    "mlflow.spanType": '"CHAT_MODEL"',
    "mlflow.spanInputs": JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content: question }] }),
    "mlflow.spanOutputs": JSON.stringify({
      id: "chatcmpl-1",
      choices: [{ message: { role: "assistant", content: question } }],
      usage: { prompt_tokens: 114, completion_tokens: 25 },
    }),
    "mlflow.message.format": '"openai"',
    "mlflow.llm.model": '"gpt-4o-mini-2024-07-18"',
    "mlflow.chat.tokenUsage": '{"input_tokens": 114, "output_tokens": 25, "total_tokens": 139}',
    "mlflow.spanLogLevel": "20",
    "mlflow.spanFunctionName": '"create"',
    model: '"gpt-4o-mini"',
    temperature: "0.2",
    max_tokens: "64",
  },
  OpenInference: {
    "openinference.span.kind": "LLM",
    "llm.system": "openai",
    "llm.model_name": "gpt-4o-mini-2024-07-18",
    "llm.invocation_parameters": '{"model": "gpt-4o-mini", "temperature": 0.2}',
    "input.value": JSON.stringify({ messages: [{ role: "user", content: question }] }),
    "input.mime_type": "application/json",
    "output.value": JSON.stringify({ id: "chatcmpl-1", choices: [{ message: { role: "assistant", content: question } }] }),
    "output.mime_type": "application/json",
    "llm.token_count.prompt": 114,
    "llm.token_count.completion": 25,
    "session.id": "sess-7",
    "user.id": "user-42",
  },
  "a step of an application": {
    "openinference.span.kind": "CHAIN",
    "input.value": question,
    "output.value": question,
    ...Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`app.step.detail_${index}`, `value ${index}`])),
  },
};

const captured = captures("traces").flatMap((capture) => decodeTraces(capture.protobuf, "protobuf", { nowMs: Date.UTC(2026, 10, 24) }).spans);
const template = captured[0];
if (template === undefined) throw new Error("no captures");

let slowest = 0;
print(
  "all captures",
  measure(() => normaliseAll(captured), captured.length),
  captured,
);
for (const [name, attributes] of Object.entries(ordinary)) {
  const spans = Array.from({ length: 64 }, () => ({ ...template, events: [], attributes: new Map(Object.entries(attributes)) }));
  const us = measure(() => normaliseAll(spans), spans.length);
  slowest = Math.max(slowest, us);
  print(name, us, spans);
}
const large = Array.from({ length: 50_000 }, (_, index) => ({
  ...toAssemblySpan(normaliseSpan(captured[index % captured.length] ?? template)),
  spanId: String(index),
  parentSpanId: index === 0 ? "" : String(index >> 3),
}));
console.log(
  `a trace of 50,000 spans: settle ${once(() => settleTrace(large))} ms, derive its row ${once(() => assembleTrace("p", "t", large, undefined, 0n))} ms`,
);
console.log(`slowest ordinary span ${slowest.toFixed(2)} µs, limit ${LIMIT_US} µs: ratio ${(slowest / LIMIT_US).toFixed(2)} (limit 1)`);
if (slowest > LIMIT_US) process.exitCode = 1;

function normaliseAll(spans: readonly RawSpan[]): void {
  for (const span of spans) normaliseSpan(span);
}

/** Median over the rounds of CPU microseconds per item: other load on the machine does not count. */
function measure(work: () => void, items: number): number {
  const perItem: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = process.cpuUsage();
    let done = 0;
    let used = 0;
    while (used < ROUND_US) {
      work();
      done += items;
      used = process.cpuUsage(start).user;
    }
    perItem.push(used / done);
  }
  return perItem.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? Number.POSITIVE_INFINITY;
}

function once(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  return Math.round(process.cpuUsage(start).user / 1_000);
}

function print(name: string, us: number, spans: readonly RawSpan[]): void {
  const attributes = spans.reduce((sum, span) => sum + span.attributes.size, 0) / spans.length;
  console.log(`${name.padEnd(26)} ${us.toFixed(2).padStart(6)} µs/span  (${attributes.toFixed(1)} attributes)`);
}
