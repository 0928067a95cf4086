import type { SpanDetail } from "@telltale/model/api";
import { type ModelFacts, MODELS, type TraceBuilder } from "./fixture-builder.ts";
import { timestamp } from "./fixture-spans.ts";

export function rag(builder: TraceBuilder, root: SpanDetail, model: ModelFacts, question: string, answer: string, fails: boolean): void {
  const { random } = builder;
  const retrieve = builder.open(root, "retrieve", "RETRIEVER");
  builder.leaf(retrieve, "embed_query", "EMBEDDING", random.skewed(60), {
    model: "text-embedding-3-small",
    provider: "openai",
    usage: { ...retrieve.usage, input_tokens: random.integer(8, 40) },
    embeddings: { count: 1, dimension: 1536 },
    cost_usd: 0.0000004,
    cost_source: "computed",
  });
  builder.leaf(retrieve, "POST /collections/policies/points/query", "HTTP", random.skewed(22), { noise: true, http_status: 200 });
  const documents = Array.from({ length: 4 }, (_, index) => ({
    id: `policy-${random.integer(10, 99)}`,
    score: Math.round((0.93 - index * 0.11) * 1000) / 1000,
    content: `${index === 0 ? answer : "Section 4.2 Items in their original state may be returned within thirty days of delivery. Refunds are paid to the original means of payment within five working days."}`,
    metadata: { source: `handbook/returns-${index + 1}.md`, updated: "2026-10-02" },
  }));
  builder.close(retrieve, { documents, retrieval_query: question, inputs: question, outputs: documents });
  builder.leaf(root, "rerank", "RERANKER", random.skewed(45), { model: "rerank-v3.5", provider: "cohere", documents: documents.slice(0, 2) });
  builder.leaf(root, "build_prompt", "PROMPT", random.between(0.2, 1.2), {
    prompt: "support-answer/7",
    prompt_template: "Answer from {{documents}}: {{question}}",
    prompt_variables: { question },
  });
  builder.llm(root, model, question, answer, fails);
  if (!fails) builder.leaf(root, "grounded?", "GUARDRAIL", random.skewed(9), { outputs: { grounded: true, score: 0.94 } });
}

export function agent(builder: TraceBuilder, root: SpanDetail, model: ModelFacts, question: string, answer: string, fails: boolean): void {
  const { random } = builder;
  root.agent_name = "support-agent";
  root.name = "invoke_agent support-agent";
  const history: unknown[] = [];
  const tools = ["lookup_order", "search_catalogue", "check_stock", "issue_refund"];
  const turns = random.integer(2, 4);
  for (let turn = 0; turn < turns; turn += 1) {
    const tool = random.pick(tools);
    const callId = `call_${random.hex(8)}`;
    const args = { order_id: `A-${random.integer(1000, 9999)}`, include: ["items", "shipping"] };
    const step = builder.llm(root, model, question, "", false, [...history]);
    const call = {
      role: "assistant",
      parts: [
        { type: "reasoning", content: "The customer asks about an order. I should look it up before I answer." },
        { type: "tool_call", id: callId, name: tool, arguments: args },
      ],
    };
    step.output_messages = [call];
    step.finish_reasons = ["tool_calls"];
    step.tool_definitions = tools.map((name) => ({
      name,
      description: `Runs ${name.replaceAll("_", " ")}`,
      schema: { type: "object", properties: { order_id: { type: "string" } }, required: ["order_id"] },
    }));
    const broken = turn === 0 && random.chance(0.2);
    const span = builder.open(root, `execute_tool ${tool}`, "TOOL", { tool_name: tool, tool_call_id: callId });
    builder.leaf(span, "SELECT orders", "UNKNOWN", random.skewed(8), { service: "orders-db" });
    builder.clock += random.skewed(110);
    const result = broken ? null : { status: "shipped", carrier: "DHL", eta: "2026-11-25", items: [{ sku: "RS-42", qty: 1, price: 119.9 }] };
    builder.close(span, {
      tool_arguments: args,
      tool_result: result,
      inputs: args,
      outputs: result,
      ...(broken
        ? {
            status: "error" as const,
            status_message: "OrderNotFound: no order with this id",
            error_type: "OrderNotFound",
            events: [
              {
                time: timestamp(builder.clock),
                name: "exception",
                attributes: {
                  "exception.type": "OrderNotFound",
                  "exception.message": "no order with this id",
                  "exception.stacktrace":
                    'Traceback (most recent call last):\n  File "tools/orders.py", line 31, in lookup_order\n    raise OrderNotFound(order_id)\nOrderNotFound: no order with this id',
                },
              },
            ],
          }
        : {}),
    });
    history.push(call, { role: "tool", parts: [{ type: "tool_call_response", id: callId, response: result ?? "OrderNotFound" }] });
  }
  if (random.chance(0.35)) {
    const sub = builder.open(root, "invoke_agent billing-agent", "AGENT", { agent_name: "billing-agent" });
    builder.llm(sub, MODELS[1], "Check whether a refund is due", "A refund of $119.90 is due.", false);
    builder.leaf(sub, "execute_tool issue_refund", "TOOL", random.skewed(180), {
      tool_name: "issue_refund",
      tool_arguments: { amount: 119.9 },
      tool_result: { ok: true },
    });
    builder.close(sub);
  }
  builder.llm(root, model, question, answer, fails, history);
}
