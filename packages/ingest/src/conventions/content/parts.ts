import type { MessagePart } from "@telltale/model";
import { parseJson, record } from "../values.ts";

type Json = Record<string, unknown>;

/** Content of a message (text, a list of parts of any provider's shape, one part) as parts. Unknown parts survive as `other`. */
export function partsOf(content: unknown): MessagePart[] {
  if (content === undefined || content === null || content === "") return [];
  if (typeof content === "string") return [{ type: "text", content }];
  if (Array.isArray(content)) return content.flatMap((item) => partsOf(item));
  const part = record(content);
  return part === undefined ? [{ type: "text", content: JSON.stringify(content) }] : [partOf(part)];
}

function partOf(part: Json): MessagePart {
  const read = typeof part["type"] === "string" ? readers[part["type"]] : undefined;
  return read?.(part) ?? untyped(part) ?? { type: "other", original: part };
}

type Reader = (part: Json) => MessagePart | undefined;

/** By the `type` that GenAI semconv, OpenAI, Anthropic, the Vercel AI SDK and LangChain give to a part. */
const readers: Record<string, Reader | undefined> = Object.assign(Object.create(null) as Record<string, Reader | undefined>, {
  text: textPart,
  input_text: textPart,
  output_text: textPart,
  refusal: (part: Json) => textOf(part["refusal"]),
  reasoning: reasoningPart,
  thinking: reasoningPart,
  redacted_thinking: (part: Json): MessagePart => ({ type: "other", original: part }),
  tool_call: (part: Json) => toolCall(part["id"], part["name"], part["arguments"] ?? part["args"]),
  "tool-call": (part: Json) => toolCall(part["toolCallId"], part["toolName"], part["input"] ?? part["args"]),
  tool_use: (part: Json) => toolCall(part["id"], part["name"], part["input"]),
  function_call: (part: Json) => toolCall(part["call_id"] ?? part["id"], part["name"], part["arguments"]),
  tool_call_response: (part: Json) => toolResponse(part["id"], part["response"] ?? part["result"]),
  "tool-result": (part: Json) => toolResponse(part["toolCallId"], part["output"] ?? part["result"]),
  tool_result: (part: Json) => toolResponse(part["tool_use_id"], part["content"]),
  function_call_output: (part: Json) => toolResponse(part["call_id"], part["output"]),
  image_url: (part: Json) => linked(record(part["image_url"])?.["url"] ?? part["image_url"], "image"),
  input_image: (part: Json) => linked(part["image_url"], "image"),
  image: imagePart,
  input_audio: (part: Json) => audioPart(part),
  file: filePart,
  document: imagePart,
  blob: blobPart,
  uri: (part: Json) => linked(part["uri"], text(part["modality"]), text(part["mime_type"])),
} satisfies Record<string, Reader>);

function textPart(part: Json): MessagePart | undefined {
  return textOf(part["content"] ?? part["text"]);
}

function textOf(value: unknown): MessagePart | undefined {
  if (typeof value === "string") return { type: "text", content: value };
  return value === undefined || value === null ? undefined : { type: "text", content: JSON.stringify(value) };
}

function reasoningPart(part: Json): MessagePart {
  const summary = part["summary"];
  const spoken = part["content"] ?? part["text"] ?? part["thinking"] ?? part["reasoning"] ?? (Array.isArray(summary) ? summary : undefined);
  if (typeof spoken === "string") return { type: "reasoning", content: spoken };
  const texts = Array.isArray(spoken) ? spoken.map((item) => text(record(item)?.["text"])) : [];
  return { type: "reasoning", content: texts.filter((item) => item !== "").join("\n") };
}

/** Arguments arrive as an object or as JSON text; text that is not JSON stays text. */
export function toolCall(id: unknown, name: unknown, args: unknown): MessagePart {
  const parsed = typeof args === "string" && args !== "" ? (parseJson(args) ?? args) : args;
  return { type: "tool_call", ...(text(id) === "" ? {} : { id: text(id) }), name: text(name), arguments: parsed ?? null };
}

/** What a tool answered. */
export function toolResponse(id: unknown, response: unknown): MessagePart {
  return { type: "tool_call_response", ...(text(id) === "" ? {} : { id: text(id) }), response: response ?? null };
}

function imagePart(part: Json): MessagePart | undefined {
  const source = record(part["source"]);
  const mimeType = text(source?.["media_type"]) || text(part["mediaType"]) || text(part["mimeType"]);
  const modality = part["type"] === "document" ? "document" : "image";
  const url = record(part["image"])?.["url"] ?? source?.["url"] ?? part["image"] ?? part["url"];
  if (typeof url === "string") return linked(url, modality, mimeType);
  const data = source?.["data"];
  return typeof data === "string" ? linked(asDataUri(data, mimeType), modality, mimeType) : undefined;
}

function audioPart(part: Json): MessagePart | undefined {
  const audio = record(part["input_audio"]);
  const format = text(audio?.["format"]) || "wav";
  return typeof audio?.["data"] === "string" ? linked(asDataUri(audio["data"], `audio/${format}`), "audio", `audio/${format}`) : undefined;
}

function filePart(part: Json): MessagePart | undefined {
  const file = record(part["file"]) ?? part;
  const mimeType = text(part["mediaType"]) || text(part["mime_type"]) || text(part["mimeType"]);
  const id = text(file["file_id"]) || text(part["fileId"]);
  if (id !== "") return { type: "file", fileId: id, ...(mimeType === "" ? {} : { mimeType }) };
  const data = file["file_data"] ?? part["data"] ?? part["url"];
  return typeof data === "string" ? linked(data, text(part["modality"]), mimeType) : undefined;
}

function blobPart(part: Json): MessagePart | undefined {
  const mimeType = text(part["mime_type"]) || text(part["mimeType"]);
  const content = part["content"] ?? part["data"];
  return typeof content === "string" ? linked(asDataUri(content, mimeType), text(part["modality"]), mimeType) : undefined;
}

function asDataUri(data: string, mimeType: string): string {
  return /^[a-z-]+:/i.test(data) ? data : `data:${mimeType || "application/octet-stream"};base64,${data}`;
}

const BLOB_LINK = /^telltale-blob:\/\/([0-9a-f]{64})(?:\?(.*))?$/;

/** A link to media. Content that ingest moved to the blob store (`telltale-blob://…`) becomes a blob part. */
function linked(uri: unknown, modality = "", mimeType = ""): MessagePart | undefined {
  if (typeof uri !== "string" || uri === "") return undefined;
  const optional = modality === "" ? {} : { modality };
  const blob = BLOB_LINK.exec(uri);
  if (blob?.[1] !== undefined) {
    const query = new URLSearchParams(blob[2] ?? "");
    const sizeBytes = Number(query.get("size") ?? 0);
    return { type: "blob", mimeType: query.get("content_type") ?? mimeType, hash: blob[1], sizeBytes: Number.isFinite(sizeBytes) ? sizeBytes : 0, ...optional };
  }
  const stated = mimeType || (/^data:([^;,]+)/.exec(uri)?.[1] ?? "");
  return { type: "uri", uri, ...(stated === "" ? {} : { mimeType: stated }), ...optional };
}

/** Parts of Gemini, Bedrock and Haystack have no `type`: the member that is present tells. */
function untyped(part: Json): MessagePart | undefined {
  if (typeof part["text"] === "string")
    return part["thought"] === true ? { type: "reasoning", content: part["text"] } : { type: "text", content: part["text"] };
  const call = record(part["functionCall"] ?? part["function_call"]);
  if (call !== undefined) return toolCall(call["id"], call["name"], call["args"]);
  const answer = record(part["functionResponse"] ?? part["function_response"]);
  if (answer !== undefined) return toolResponse(answer["id"] ?? answer["name"], answer["response"]);
  const haystackCall = record(part["tool_call"]);
  if (haystackCall !== undefined) return toolCall(haystackCall["id"], haystackCall["tool_name"], haystackCall["arguments"]);
  const haystackResult = record(part["tool_call_result"]);
  if (haystackResult !== undefined) return toolResponse(record(haystackResult["origin"])?.["id"], haystackResult["result"]);
  const use = record(part["toolUse"]);
  if (use !== undefined) return toolCall(use["toolUseId"], use["name"], use["input"]);
  const result = record(part["toolResult"]);
  if (result !== undefined) return toolResponse(result["toolUseId"], result["content"]);
  const inline = record(part["inlineData"] ?? part["inline_data"]);
  const mimeType = text(inline?.["mimeType"]) || text(inline?.["mime_type"]);
  if (typeof inline?.["data"] === "string") return linked(asDataUri(inline["data"], mimeType), mimeType.split("/")[0] ?? "", mimeType);
  const reasoning = record(record(part["reasoningContent"])?.["reasoningText"]);
  return typeof reasoning?.["text"] === "string" ? { type: "reasoning", content: reasoning["text"] } : undefined;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}
