/** One part of a message, in the shape of the OTel GenAI message schema. Unknown part types survive as they are. */
export type MessagePart =
  | { type: "text"; content: string }
  | { type: "reasoning"; content: string }
  | { type: "tool_call"; id?: string; name: string; arguments: unknown }
  | { type: "tool_call_response"; id?: string; response: unknown }
  | { type: "blob"; mimeType: string; hash: string; sizeBytes: number; modality?: string }
  | { type: "uri"; uri: string; mimeType?: string; modality?: string }
  | { type: "file"; fileId: string; mimeType?: string; modality?: string }
  | { type: "other"; original: unknown };

export interface Message {
  role: string;
  parts: MessagePart[];
  finishReason?: string;
  name?: string;
}

export interface ToolDefinition {
  name: string;
  description?: string;
  schema?: unknown;
}

export interface RetrievedDocument {
  id?: string;
  content?: string;
  score?: number;
  metadata?: unknown;
}

export interface SpanScore {
  name: string;
  value: number | string | boolean | undefined;
  label?: string;
  explanation?: string;
  source: string;
}

/** What a span says, read from its raw attributes, events and log records on demand (it is stored once, raw). */
export interface SpanContent {
  inputMessages: Message[];
  outputMessages: Message[];
  systemInstructions: string;
  toolDefinitions: ToolDefinition[];
  toolArguments: unknown;
  toolResult: unknown;
  documents: RetrievedDocument[];
  retrievalQuery: string;
  embeddings: { count: number; dimension: number | undefined } | undefined;
  params: Record<string, unknown>;
  promptTemplate: string;
  promptVariables: Record<string, string>;
  scores: SpanScore[];
  handoffTo: string;
}
