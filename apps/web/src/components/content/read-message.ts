import { isRecord } from "../../api/client.ts";

/** A message as it is shown; `MessagePart` of the model, read from JSON that may be older or newer than we are. */
export interface ShownMessage {
  role: string;
  name: string | undefined;
  finishReason: string | undefined;
  parts: ShownPart[];
}

export type ShownPart =
  | { kind: "text"; text: string }
  | { kind: "reasoning"; text: string }
  | { kind: "tool_call"; id: string | undefined; name: string; args: unknown }
  | { kind: "tool_result"; id: string | undefined; response: unknown }
  | { kind: "blob"; hash: string; contentType: string; sizeBytes: number | undefined }
  | { kind: "link"; uri: string }
  | { kind: "other"; value: unknown };

/** Never throws: what is not understood is shown as the JSON it is. */
export function readMessage(value: unknown): ShownMessage {
  if (!isRecord(value)) return { role: "unknown", name: undefined, finishReason: undefined, parts: [{ kind: "other", value }] };
  const parts = Array.isArray(value["parts"])
    ? value["parts"].map(readPart)
    : typeof value["content"] === "string"
      ? [{ kind: "text" as const, text: value["content"] }]
      : [{ kind: "other" as const, value }];
  return {
    role: string(value["role"]) ?? "unknown",
    name: string(value["name"]),
    finishReason: string(value["finish_reason"]),
    parts,
  };
}

function readPart(part: unknown): ShownPart {
  if (typeof part === "string") return { kind: "text", text: part };
  if (!isRecord(part)) return { kind: "other", value: part };
  switch (part["type"]) {
    case "text":
      return { kind: "text", text: string(part["content"]) ?? "" };
    case "reasoning":
      return { kind: "reasoning", text: string(part["content"]) ?? "" };
    case "tool_call":
      return { kind: "tool_call", id: string(part["id"]), name: string(part["name"]) ?? "unnamed tool", args: part["arguments"] };
    case "tool_call_response":
      return { kind: "tool_result", id: string(part["id"]), response: part["response"] };
    case "blob": {
      const hash = string(part["hash"]) ?? "";
      const size = part["size_bytes"];
      if (!/^[0-9a-f]{64}$/.test(hash)) return { kind: "other", value: part };
      return {
        kind: "blob",
        hash,
        contentType: string(part["mime_type"]) ?? "application/octet-stream",
        sizeBytes: typeof size === "number" ? size : undefined,
      };
    }
    case "uri":
      return { kind: "link", uri: string(part["uri"]) ?? "" };
    case "other":
      return { kind: "other", value: part["original"] };
    default:
      return { kind: "other", value: part };
  }
}

function string(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
