import type { Message, MessagePart } from "@telltale/model";
import { finishReason } from "../finish-reason.ts";
import { parseJson, record } from "../values.ts";
import { partsOf, toolCall, toolResponse } from "./parts.ts";

type Json = Record<string, unknown>;

/**
 * Messages from whatever a framework stored as the input or output of a model call: GenAI semconv, OpenAI chat and
 * responses, Anthropic, Gemini, Bedrock, LangChain, Vercel, or plain text. The shape tells; nothing is dropped.
 */
export function messagesOf(value: unknown, role: string): Message[] {
  if (value === undefined || value === null || value === "") return [];
  if (typeof value === "string") {
    const parsed = /^\s*[[{"]/.test(value) ? parseJson(value) : undefined;
    return parsed === undefined || parsed === value ? [{ role, parts: partsOf(value) }] : messagesOf(parsed, role);
  }
  if (Array.isArray(value)) return fromList(value, role);
  const object = record(value);
  return object === undefined ? [{ role, parts: partsOf(value) }] : fromObject(object, role);
}

function fromList(list: unknown[], role: string): Message[] {
  const messages = list.flatMap((item) => (typeof item === "string" || Array.isArray(item) ? messagesOf(item, role) : messageItem(item, role)));
  return joinLoose(messages);
}

/** Loose parts that follow one another (items of a Responses answer) belong to one message. */
function joinLoose(messages: LooseMessage[]): Message[] {
  const joined: LooseMessage[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (last?.loose === true && message.loose === true && last.role === message.role) last.parts.push(...message.parts);
    else joined.push({ ...message, parts: [...message.parts] });
  }
  return joined.map(({ loose: _loose, ...message }) => message);
}

type LooseMessage = Message & { loose?: boolean };

const looseTypes = new Set(["function_call", "function_call_output", "reasoning", "text", "tool_use", "thinking", "tool-call", "tool_call", "tool-result"]);

function messageItem(item: unknown, role: string): LooseMessage[] {
  const object = record(item);
  if (object === undefined) return messagesOf(item, role);
  const type = object["type"];
  if (object["role"] === undefined && typeof type === "string" && looseTypes.has(type)) {
    const owner = type === "function_call_output" || type === "tool-result" ? "tool" : type === "text" ? role : "assistant";
    return [{ role: owner, parts: partsOf(object), loose: true }];
  }
  return fromObject(object, role);
}

/** Members that hold the messages of a whole request or response, in the order in which they are looked for. */
function fromObject(object: Json, role: string): Message[] {
  if (isMessage(object)) return [oneMessage(object, role)];
  if ("_content" in object) return [oneMessage({ role: object["_role"], content: object["_content"], name: object["_name"] }, role)]; // Haystack, private names
  const langchain = langchainMessage(object);
  if (langchain !== undefined) return [langchain];
  const whole = requestOrResponse(object, role);
  return whole ?? [{ role, parts: [{ type: "text", content: JSON.stringify(object) }] }];
}

function requestOrResponse(object: Json, role: string): Message[] | undefined {
  const config = record(object["config"]) ?? {}; // Gemini SDKs keep the system instruction there
  const system = systemOf(
    object["system"] ??
      object["instructions"] ??
      object["systemInstruction"] ??
      object["system_instruction"] ??
      config["system_instruction"] ??
      config["systemInstruction"],
  );
  if (Array.isArray(object["choices"])) return object["choices"].flatMap((choice) => choiceMessages(record(choice) ?? {}));
  if (Array.isArray(object["candidates"])) return object["candidates"].flatMap((candidate) => choiceMessages(record(candidate) ?? {}));
  if (Array.isArray(object["generations"])) return object["generations"].flat().flatMap((item) => generation(record(item) ?? {}));
  if (object["messages"] !== undefined) return [...system, ...messagesOf(flattenOnce(object["messages"]), role)];
  if (object["contents"] !== undefined) return [...system, ...messagesOf(object["contents"], role)];
  if (object["replies"] !== undefined) return messagesOf(object["replies"], "assistant");
  if (Array.isArray(object["output"])) return messagesOf(object["output"], "assistant");
  if (object["output"] !== undefined && record(object["output"])?.["message"] !== undefined)
    return messagesOf(record(object["output"])?.["message"], "assistant");
  if (object["message"] !== undefined && record(object["message"]) !== undefined) return choiceMessages(object);
  if (record(object["content"])?.["parts"] !== undefined) return messagesOf(object["content"], "assistant");
  if (object["prompt"] !== undefined) return [...system, ...messagesOf(object["prompt"], role)];
  if (object["input"] !== undefined) return [...system, ...messagesOf(object["input"], role)];
  return undefined;
}

/** LangChain batches: `messages: [[…]]`. */
function flattenOnce(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 && Array.isArray(value[0]) ? value[0] : value;
}

function systemOf(value: unknown): Message[] {
  const instructions = record(value)?.["parts"] ?? value;
  const parts = partsOf(instructions);
  return parts.length === 0 ? [] : [{ role: "system", parts }];
}

function choiceMessages(choice: Json): Message[] {
  const reason = choice["finish_reason"] ?? choice["finishReason"];
  return messagesOf(choice["message"] ?? choice["content"] ?? choice["text"], "assistant").map((message) =>
    typeof reason === "string" && message.finishReason === undefined ? { ...message, finishReason: finishReason(reason) } : message,
  );
}

function generation(item: Json): Message[] {
  const reason = record(item["generation_info"])?.["finish_reason"];
  return messagesOf(item["message"] ?? item["text"], "assistant").map((message) =>
    typeof reason === "string" ? { ...message, finishReason: finishReason(reason) } : message,
  );
}

function isMessage(object: Json): boolean {
  const hasBody = "content" in object || "parts" in object || "tool_calls" in object || "function_call" in object;
  return hasBody && (typeof object["role"] === "string" || "parts" in object || "tool_calls" in object || "tool_call_id" in object);
}

const roles = new Map([
  ["model", "assistant"],
  ["ai", "assistant"],
  ["unknown", "assistant"],
  ["human", "user"],
  ["developer", "system"],
  ["function", "tool"],
]);

/** One message of any chat API. */
function oneMessage(object: Json, fallback: string): Message {
  const said = typeof object["role"] === "string" ? object["role"].toLowerCase() : fallback;
  const role = roles.get(said) ?? said;
  const callId = object["tool_call_id"];
  const content = object["parts"] ?? object["content"];
  const body = role === "tool" ? answerParts(content, callId ?? object["id"]) : partsOf(content);
  const reasoning = typeof object["reasoning_content"] === "string" && object["reasoning_content"] !== "" ? object["reasoning_content"] : undefined;
  const parts: MessagePart[] = [...(reasoning === undefined ? [] : [{ type: "reasoning" as const, content: reasoning }]), ...body, ...toolCalls(object, body)];
  const reason = object["finish_reason"] ?? object["stop_reason"];
  const name = object["name"];
  return {
    role,
    parts,
    ...(typeof reason === "string" ? { finishReason: finishReason(reason) } : {}),
    ...(typeof name === "string" && name !== "" ? { name } : {}),
  };
}

/** A tool's message is its answer, whether it says so in a part of its own or not. */
function answerParts(content: unknown, callId: unknown): MessagePart[] {
  const parts = partsOf(content);
  if (parts.some((part) => part.type === "tool_call_response")) return parts;
  const onlyText = parts.length > 0 && Array.isArray(content) && parts.every((part) => part.type === "text");
  return [toolResponse(callId, onlyText ? parts.map((part) => (part.type === "text" ? part.content : "")).join("\n") : content)];
}

/** `tool_calls` of OpenAI and LangChain; calls that the parts already hold are not repeated. */
function toolCalls(object: Json, body: readonly MessagePart[]): MessagePart[] {
  const calls = Array.isArray(object["tool_calls"]) ? object["tool_calls"] : record(object["function_call"]) === undefined ? [] : [object["function_call"]];
  const seen = new Set(body.flatMap((part) => (part.type === "tool_call" && part.id !== undefined ? [part.id] : [])));
  return calls.flatMap((item) => {
    const call = record(item);
    if (call === undefined || (typeof call["id"] === "string" && seen.has(call["id"]))) return [];
    const target = record(call["function"]) ?? call;
    return [toolCall(call["id"] ?? call["call_id"], target["name"], target["arguments"] ?? target["args"] ?? target["input"])];
  });
}

const langchainRoles: readonly (readonly [RegExp, string])[] = [
  [/^(ai|AIMessage)/, "assistant"],
  [/^(human|HumanMessage)/, "user"],
  [/^(system|SystemMessage)/, "system"],
  [/^(tool|ToolMessage|function|FunctionMessage)/, "tool"],
];

/** `{lc, type: "constructor", id: […, "HumanMessage"], kwargs}`, `{type: "ai", data}` and `{type: "human", content}`. */
function langchainMessage(object: Json): Message | undefined {
  const path = object["id"];
  const className = object["type"] === "constructor" && Array.isArray(path) ? path.at(-1) : object["type"];
  if (typeof className !== "string") return undefined;
  const role = langchainRoles.find(([pattern]) => pattern.test(className))?.[1];
  if (role === undefined) return undefined;
  const body = record(object["kwargs"]) ?? record(object["data"]) ?? object;
  if (!("content" in body)) return undefined;
  const reason = record(body["response_metadata"])?.["finish_reason"];
  const message = oneMessage({ ...body, role }, role);
  return typeof reason === "string" ? { ...message, finishReason: finishReason(reason) } : message;
}

/** True for a message that says nothing: some SDKs send them as placeholders. */
export function isEmptyMessage(message: Message): boolean {
  return message.parts.length === 0;
}
