import { messagesOf } from "../conventions/content/messages.ts";

const MAX_PREVIEW = 1_000;
/** Larger content is shown from its beginning: parsing it would cost more than a preview is worth. */
const MAX_PARSED = 64 * 1024;

/**
 * One line about an input or output for lists, at most 1,000 characters (MLflow's previews): the last user message of
 * `messages` / `input` / `request`, the last assistant message of `choices` / `output`, else the text itself.
 */
export function previewOf(text: string, side: "input" | "output"): string {
  return shorten(spokenText(text, side, MAX_PARSED) ?? text);
}

/**
 * What a person said or was told, out of an input or output: as `previewOf`, but whole. Undefined when the text is JSON in which
 * nothing of the kind is found, or longer than `maxParsed` characters of JSON.
 */
export function spokenText(text: string, side: "input" | "output", maxParsed: number): string | undefined {
  const first = text.charCodeAt(0);
  const isJson = first === 0x7b || first === 0x5b || first === 0x22;
  if (!isJson) return text === "" ? undefined : text;
  if (text.length > maxParsed) return undefined;
  try {
    const value = JSON.parse(text) as unknown;
    return said(value, side) ?? inConversation(value, side);
  } catch {
    return text;
  }
}

function said(value: unknown, side: "input" | "output"): string | undefined {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return lastMessage(value, side);
  if (typeof value !== "object" || value === null) return undefined;
  const keys =
    side === "input" ? ["messages", "input", "request", "query", "question", "prompt"] : ["choices", "output", "messages", "response", "answer", "content"];
  const record = value as Record<string, unknown>;
  for (const key of keys) {
    const inner = record[key];
    if (typeof inner === "string" && inner !== "") return inner;
    if (Array.isArray(inner)) {
      const found = lastMessage(inner, side);
      if (found !== undefined) return found;
    }
  }
  const values = Object.values(record);
  // One argument, one text: `{"question": …}` of a traced function.
  return values.length === 1 && typeof values[0] === "string" ? values[0] : undefined;
}

/** Shapes of less common APIs (LangChain, Gemini, Bedrock), read as the trace page reads them. */
function inConversation(value: unknown, side: "input" | "output"): string | undefined {
  if (typeof value !== "object" || value === null || (Array.isArray(value) && typeof value[0] !== "object")) return undefined;
  const role = side === "input" ? "user" : "assistant";
  const last = messagesOf(value, role).findLast((message) => message.role === role);
  const texts = last?.parts.flatMap((part) => (part.type === "text" && part.content !== "" ? [part.content] : [])) ?? [];
  return texts.length > 0 ? texts.join(" ") : undefined;
}

function lastMessage(list: readonly unknown[], side: "input" | "output"): string | undefined {
  const wanted = side === "input" ? ["user", "human"] : ["assistant", "ai", "model"];
  for (let at = list.length - 1; at >= 0; at -= 1) {
    const item = list[at] as { role?: unknown; message?: unknown; type?: unknown } | null;
    if (typeof item !== "object" || item === null) continue;
    const message = (typeof item.message === "object" && item.message !== null ? item.message : item) as { role?: unknown; type?: unknown };
    const role = message.role ?? message.type;
    if (typeof role !== "string" || !wanted.includes(role.toLowerCase())) continue;
    const text = textOf(message);
    if (text !== "") return text;
  }
  return undefined;
}

/** Text of a message in OpenAI, Anthropic, Responses or GenAI `parts` shape. */
function textOf(message: object): string {
  const { content, parts, text } = message as { content?: unknown; parts?: unknown; text?: unknown };
  for (const body of [content, parts, text]) {
    if (typeof body === "string" && body !== "") return body;
    if (!Array.isArray(body)) continue;
    const texts = body.flatMap((part: unknown) => {
      if (typeof part === "string") return [part];
      const { text: own, content: inner, type } = (part ?? {}) as { text?: unknown; content?: unknown; type?: unknown };
      if (typeof own === "string") return [own];
      return typeof inner === "string" && (type === undefined || type === "text") ? [inner] : [];
    });
    if (texts.length > 0) return texts.join(" ");
  }
  return "";
}

function shorten(text: string): string {
  if (text.length <= MAX_PREVIEW) return text;
  return `${text.slice(0, MAX_PREVIEW - 3)}...`;
}
