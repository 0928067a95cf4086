import type { Message, RawSpan, RetrievedDocument, SpanContent, ToolDefinition } from "@telltale/model";
import { decimal, parseJson, record, structured, text } from "../values.ts";
import { isEmptyMessage, messagesOf } from "./messages.ts";

/** Content of which nothing is known yet. */
export function blankContent(): SpanContent {
  return {
    inputMessages: [],
    outputMessages: [],
    systemInstructions: "",
    toolDefinitions: [],
    toolArguments: undefined,
    toolResult: undefined,
    documents: [],
    retrievalQuery: "",
    embeddings: undefined,
    params: {},
    promptTemplate: "",
    promptVariables: {},
    scores: [],
    handoffTo: "",
  };
}

/** Takes messages for the input when none were found before. */
export function fillInput(content: SpanContent, messages: Message[]): void {
  if (content.inputMessages.length === 0) content.inputMessages = messages.filter((message) => !isEmptyMessage(message));
}

/** Takes messages for the output when none were found before. */
export function fillOutput(content: SpanContent, messages: Message[]): void {
  if (content.outputMessages.length === 0) content.outputMessages = messages.filter((message) => !isEmptyMessage(message));
}

/** Messages held by one attribute. */
export function messagesIn(raw: RawSpan, key: string, role: string): Message[] {
  return messagesOf(structured(raw.attributes.get(key)), role);
}

/** Tool definitions of any shape: flat, OpenAI-nested, Vercel `inputSchema`, Anthropic `input_schema`, bare names, JSON texts. */
export function fillTools(content: SpanContent, value: unknown): void {
  if (content.toolDefinitions.length > 0) return;
  const list = typeof value === "string" ? parseJson(value) : value;
  if (!Array.isArray(list)) return;
  content.toolDefinitions = list.flatMap((item) => toolDefinition(typeof item === "string" && item.startsWith("{") ? parseJson(item) : item));
}

/** One tool definition, or nothing when it has no name. */
export function toolDefinition(item: unknown): ToolDefinition[] {
  if (typeof item === "string") return item === "" ? [] : [{ name: item }];
  const outer = record(item);
  const tool = record(outer?.["function"]) ?? outer;
  const name = tool?.["name"];
  if (tool === undefined || typeof name !== "string" || name === "") return [];
  const description = tool["description"];
  const schema = tool["parameters"] ?? tool["inputSchema"] ?? tool["input_schema"] ?? tool["schema"] ?? tool["parameters_json_schema"];
  return [
    {
      name,
      ...(typeof description === "string" && description !== "" ? { description } : {}),
      ...(schema === undefined || schema === null ? {} : { schema: typeof schema === "string" ? (parseJson(schema) ?? schema) : schema }),
    },
  ];
}

/** Documents of a retriever: a list, or `{documents: […]}`; the score may lie inside the metadata. */
export function fillDocuments(content: SpanContent, value: unknown): void {
  if (content.documents.length > 0) return;
  const list = Array.isArray(value) ? value : record(value)?.["documents"];
  if (Array.isArray(list)) content.documents = list.flatMap((item) => retrieved(item));
}

function retrieved(item: unknown): RetrievedDocument[] {
  if (typeof item === "string") return [{ content: item }];
  const object = record(item);
  if (object === undefined) return [];
  const metadata = object["metadata"] ?? object["meta"];
  const id = text(asScalar(object["id"]));
  const body = object["content"] ?? object["page_content"] ?? object["pageContent"] ?? object["text"];
  const score = decimal(object["score"] ?? object["relevance_score"] ?? record(metadata)?.["score"]);
  return [
    {
      ...(id === "" ? {} : { id }),
      ...(typeof body === "string" ? { content: body } : {}),
      ...(score === undefined ? {} : { score }),
      ...(metadata === undefined || metadata === null ? {} : { metadata }),
    },
  ];
}

function asScalar(value: unknown): string | number | undefined {
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

/** Adds request parameters that are not known yet; absent ones (`""`, `[]`, null) are skipped. */
export function fillParams(content: SpanContent, params: Iterable<readonly [string, unknown]>): void {
  for (const [name, value] of params) {
    if (value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)) continue;
    if (!Object.hasOwn(content.params, name)) Object.defineProperty(content.params, name, { value, enumerable: true, writable: true, configurable: true });
  }
}

/** Text of system instructions, which may be text, parts, or a JSON text of parts. */
export function instructionsText(value: unknown): string {
  const parts = messagesOf(value, "system").flatMap((message) => message.parts);
  return parts
    .map((part) => (part.type === "text" ? part.content : ""))
    .filter((line) => line !== "")
    .join("\n");
}

/** Takes the system message out of the input when no instructions were given apart. */
export function hoistInstructions(content: SpanContent): void {
  if (content.systemInstructions !== "") return;
  const system = content.inputMessages.filter((message) => message.role === "system");
  content.systemInstructions = system
    .flatMap((message) => message.parts.map((part) => (part.type === "text" ? part.content : "")))
    .filter((line) => line !== "")
    .join("\n");
}
