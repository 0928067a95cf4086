import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Asked {
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
  /** Every text of the request, as the model would read it. */
  text: string;
}

/** What the scripted model does next: `waitMs` before it answers, or `dripMs` between the pieces of the answer. */
export type Reply =
  | { text: string; inputTokens?: number; outputTokens?: number; finish?: "stop" | "content_filter"; waitMs?: number; dripMs?: number }
  | { call: string; arguments: object }
  | { status: number; body?: unknown; headers?: Record<string, string> };

/** A model provider that says what a test tells it, in OpenAI's, Anthropic's or Gemini's wire format by the path asked. */
export class ScriptedProvider {
  readonly asked: Asked[] = [];
  #reply: (asked: Asked) => Reply = () => ({ text: '{"rationale":"fine","value":true}' });
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const asked: Asked = { path: request.url ?? "", headers: request.headers, body: JSON.parse(text || "{}") as Record<string, unknown>, text };
      this.asked.push(asked);
      const reply = this.#reply(asked);
      const send = (): void => {
        if ("call" in reply) {
          response.writeHead(200, { "content-type": "application/json" });
          response.end(JSON.stringify(toolCallIn(reply)));
          return;
        }
        if ("status" in reply) {
          response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
          response.end(JSON.stringify(reply.body ?? { error: { message: "no" } }));
          return;
        }
        response.writeHead(200, { "content-type": "application/json" });
        const answer = JSON.stringify(answerIn(asked.path, reply));
        if (reply.dripMs === undefined) response.end(answer);
        else drip(response, answer, reply.dripMs);
      };
      if ("waitMs" in reply && reply.waitMs !== undefined) setTimeout(send, reply.waitMs).unref();
      else send();
    });
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Replies in this order; the last one again and again. */
  script(...replies: Reply[]): void {
    this.asked.length = 0;
    let at = 0;
    this.#reply = () => replies[Math.min(at++, replies.length - 1)] ?? { status: 500 };
  }

  /** A reply to each question, by what it asks. */
  answerWith(reply: (asked: Asked) => Reply): void {
    this.asked.length = 0;
    this.#reply = reply;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** The body in eight pieces. */
function drip(response: ServerResponse, text: string, pauseMs: number): void {
  const size = Math.ceil(text.length / 8);
  const next = (from: number): void => {
    if (response.destroyed) return;
    if (from >= text.length) return void response.end();
    response.write(text.slice(from, from + size));
    setTimeout(() => next(from + size), pauseMs).unref();
  };
  next(0);
}

/** The model wants to look something up (OpenAI's format only). */
function toolCallIn({ call, arguments: given }: { call: string; arguments: object }): unknown {
  const message = {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "call_1", type: "function", function: { name: call, arguments: JSON.stringify(given) } }],
  };
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, message, finish_reason: "tool_calls" }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  };
}

function answerIn(path: string, reply: Extract<Reply, { text: string }>): unknown {
  const { text, inputTokens = 100, outputTokens = 20, finish = "stop" } = reply;
  if (path.includes(":generateContent")) {
    return {
      candidates: [{ content: { role: "model", parts: [{ text }] }, finishReason: finish === "stop" ? "STOP" : "SAFETY" }],
      usageMetadata: { promptTokenCount: inputTokens, candidatesTokenCount: outputTokens, totalTokenCount: inputTokens + outputTokens },
    };
  }
  if (path.endsWith("/messages")) {
    return {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "m",
      content: [{ type: "text", text }],
      stop_reason: finish === "stop" ? "end_turn" : "refusal",
      usage: { input_tokens: inputTokens, output_tokens: outputTokens },
    };
  }
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: finish }],
    usage: { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens },
  };
}
