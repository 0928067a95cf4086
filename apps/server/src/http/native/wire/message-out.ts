import type { Message, MessagePart } from "@telltale/model";

/** A message as the API writes it: the OTel GenAI message schema, in `snake_case`. What is not known is left out, as there. */
export function messageOut({ finishReason, parts, ...message }: Message): Record<string, unknown> {
  return { ...message, parts: parts.map(partOut), ...(finishReason === undefined ? {} : { finish_reason: finishReason }) };
}

function partOut(part: MessagePart): Record<string, unknown> {
  switch (part.type) {
    case "blob": {
      const { mimeType, sizeBytes, ...rest } = part;
      return { ...rest, mime_type: mimeType, size_bytes: sizeBytes };
    }
    case "file": {
      const { fileId, ...rest } = part;
      return { ...withMimeType(rest), file_id: fileId };
    }
    case "uri":
      return withMimeType(part);
    default:
      return part;
  }
}

function withMimeType<Part extends { mimeType?: string }>({ mimeType, ...part }: Part): Record<string, unknown> {
  return mimeType === undefined ? part : { ...part, mime_type: mimeType };
}
