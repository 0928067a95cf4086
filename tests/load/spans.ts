import { randomBytes } from "node:crypto";
import { otlpMessage } from "../../packages/ingest/src/otlp/descriptor.ts";

/** Spans like those of a real agent: about 2 kB each as OTLP/protobuf, prompts and answers that differ from call to call. */
export interface LoadOptions {
  service?: string;
  project?: string;
  spansPerTrace?: number;
  /** Bytes of text per model call. */
  textBytes?: number;
  nowMs?: number;
}

export interface LoadTrace {
  traceId: string;
  spanIds: string[];
  spans: unknown[];
}

const request = otlpMessage("ExportTraceServiceRequest");

const words =
  "the customer asked about a delayed parcel and whether the warehouse can send a second one before Friday because the first address was wrong although the order page shows the right street number so please check the label again and tell them when a courier will ring tomorrow morning between nine and eleven while the refund of the shipping fee is already on its way to the original card".split(
    " ",
  );

/** A trace: agent → (retrieval, model call, tool)*, started now. */
export function makeTrace(options: LoadOptions = {}): LoadTrace {
  const { spansPerTrace = 8, textBytes = 800, nowMs = Date.now() } = options;
  const traceId = randomBytes(16);
  const rootId = randomBytes(8);
  const session = `session-${traceId.readUInt16BE(0) % 500}`;
  const user = `user-${traceId.readUInt16BE(2) % 900}`;
  const spans: unknown[] = [];
  const spanIds: string[] = [];
  for (let index = 0; index < spansPerTrace; index += 1) {
    const spanId = index === 0 ? rootId : randomBytes(8);
    spanIds.push(spanId.toString("hex"));
    const startNs = BigInt(nowMs) * 1_000_000n + BigInt(index) * 3_000_000n;
    const { name, attributes } = index === 0 ? agent(session, user, textBytes) : steps(index)(textBytes);
    spans.push({
      traceId,
      spanId,
      parentSpanId: index === 0 ? undefined : rootId,
      name,
      kind: 1,
      startTimeUnixNano: fixed64(startNs),
      endTimeUnixNano: fixed64(startNs + 2_000_000n + (index === 0 ? BigInt(spansPerTrace) * 3_000_000n : 0n)),
      attributes,
      status: { code: 1 },
    });
  }
  return { traceId: traceId.toString("hex"), spanIds, spans };
}

function steps(index: number): typeof tool {
  return index % 3 === 1 ? modelCall : index % 3 === 2 ? tool : retrieval;
}

/** One export request as OTLP/protobuf. */
export function encodeRequest(traces: readonly LoadTrace[], options: LoadOptions = {}): Buffer {
  return encodeSpans(
    traces.flatMap(({ spans }) => spans),
    options,
  );
}

export function encodeSpans(spans: readonly unknown[], options: LoadOptions = {}): Buffer {
  const resource = [text("service.name", options.service ?? "load"), text("service.version", "1.8.2"), text("deployment.environment.name", "production")];
  if (options.project !== undefined) resource.push(text("telltale.project", options.project));
  const message = { resourceSpans: [{ resource: { attributes: resource }, scopeSpans: [{ scope: { name: "load", version: "1" }, spans: [...spans] }] }] };
  return Buffer.from(request.encode(request.fromObject(message)).finish());
}

function agent(session: string, user: string, textBytes: number) {
  return {
    name: "invoke_agent support",
    attributes: [
      text("gen_ai.operation.name", "invoke_agent"),
      text("gen_ai.agent.name", "support"),
      text("session.id", session),
      text("user.id", user),
      text("input.value", prose(textBytes / 2)),
      text("output.value", prose(textBytes / 2)),
    ],
  };
}

function modelCall(textBytes: number) {
  const question = prose(textBytes);
  return {
    name: "chat gpt-4.1-mini",
    attributes: [
      text("gen_ai.operation.name", "chat"),
      text("gen_ai.provider.name", "openai"),
      text("gen_ai.request.model", "gpt-4.1-mini"),
      text("gen_ai.response.model", "gpt-4.1-mini-2025-04-14"),
      text("gen_ai.response.id", `chatcmpl-${randomBytes(12).toString("hex")}`),
      int("gen_ai.usage.input_tokens", 100 + Math.floor(question.length / 4)),
      int("gen_ai.usage.output_tokens", 80),
      { key: "gen_ai.request.temperature", value: { doubleValue: 0.2 } },
      { key: "gen_ai.response.finish_reasons", value: { arrayValue: { values: [{ stringValue: "stop" }] } } },
      text(
        "gen_ai.system_instructions",
        JSON.stringify([{ type: "text", content: "You are the support assistant. Answer briefly and only from the articles." }]),
      ),
      text("gen_ai.input.messages", JSON.stringify([{ role: "user", parts: [{ type: "text", content: question }] }])),
      text("gen_ai.output.messages", JSON.stringify([{ role: "assistant", parts: [{ type: "text", content: prose(textBytes) }], finish_reason: "stop" }])),
    ],
  };
}

function tool(textBytes: number) {
  return {
    name: "execute_tool lookup_order",
    attributes: [
      text("gen_ai.operation.name", "execute_tool"),
      text("gen_ai.tool.name", "lookup_order"),
      text("gen_ai.tool.call.id", `call_${randomBytes(8).toString("hex")}`),
      text("gen_ai.tool.call.arguments", JSON.stringify({ order: `HL-${randomBytes(3).toString("hex")}`, note: prose(textBytes / 3) })),
      text("gen_ai.tool.call.result", JSON.stringify({ state: "shipped", history: prose(textBytes * 1.5) })),
    ],
  };
}

function retrieval(textBytes: number) {
  const documents = [0.83, 0.71].map((score, rank) => ({ id: `kb-${rank}`, score, content: prose(textBytes) }));
  return {
    name: "retrieval help-articles",
    attributes: [
      text("gen_ai.operation.name", "retrieval"),
      text("gen_ai.retrieval.query.text", prose(80)),
      text("gen_ai.retrieval.documents", JSON.stringify(documents)),
    ],
  };
}

/** Sentences of real words with numbers in between, so that compression and word search see what they see in life. */
function prose(bytes: number): string {
  let result = "";
  while (result.length < bytes) {
    const pick = Math.floor(Math.random() * words.length * 1.05);
    result += `${words[pick] ?? Math.floor(Math.random() * 100_000)} `;
  }
  return result;
}

export function text(key: string, value: string): unknown {
  return { key, value: { stringValue: value } };
}

function int(key: string, value: number): unknown {
  return { key, value: { intValue: value } };
}

/** protobufjs takes 64-bit integers as two halves. */
export function fixed64(value: bigint): { low: number; high: number; unsigned: true } {
  return { low: Number(BigInt.asIntN(32, value)), high: Number(BigInt.asIntN(32, value >> 32n)), unsigned: true };
}
