/** Families of attribute keys: one bit each. The families of a span tell which conventions can have written on it. */
export const family = {
  genAi: 1,
  llm: 1 << 1,
  openInference: 1 << 2,
  vercel: 1 << 3,
  langfuse: 1 << 4,
  mlflow: 1 << 5,
  traceloop: 1 << 6,
  haystack: 1 << 7,
  mastra: 1 << 8,
  http: 1 << 9,
  pydantic: 1 << 10,
  litellm: 1 << 11,
  laminar: 1 << 12,
  livekit: 1 << 13,
  adk: 1 << 14,
  claudeCode: 1 << 15,
  mcp: 1 << 16,
} as const;

/** What is known about an attribute from its key alone. */
export interface KeyInfo {
  readonly family: number;
  /** Messages, documents, vectors: shown as content, never as a filterable attribute. */
  readonly content: boolean;
  /** Holds a credential or a person's contact: the value is replaced wherever it would be kept. */
  readonly secret: boolean;
  /** Key under which the value is metadata of the trace, or `""`. */
  readonly metadata: string;
  /** Key under which the value is a tag of the trace, or `""`. */
  readonly traceTag: string;
}

const KNOWN_LIMIT = 20_000; // distinct keys are few; beyond this someone writes ids into keys
const known = new Map<string, KeyInfo>();

/** Looks a key up; computed once per distinct key, because a hot path cannot afford prefix tests per attribute. */
export function keyInfo(key: string): KeyInfo {
  const hit = known.get(key);
  if (hit !== undefined) return hit;
  const info: KeyInfo = {
    family: familyOf(key),
    content: isContent(key),
    secret: isSecret(key),
    metadata: metadataKey(key),
    traceTag: key.startsWith("mlflow.traceTag.") ? key.slice(16) : "",
  };
  if (known.size < KNOWN_LIMIT && key.length <= 200) known.set(key, info);
  return info;
}

const families: readonly (readonly [prefix: string, bit: number])[] = [
  ["gen_ai.", family.genAi],
  ["llm.", family.llm | family.openInference],
  ["openinference.", family.openInference],
  ["input.", family.openInference],
  ["output.", family.openInference],
  ["retrieval.", family.openInference],
  ["reranker.", family.openInference],
  ["embedding.", family.openInference],
  ["tool.", family.openInference],
  ["ai.", family.vercel],
  ["langfuse.", family.langfuse],
  ["mlflow.", family.mlflow],
  ["traceloop.", family.traceloop],
  ["haystack.", family.haystack],
  ["mastra.", family.mastra],
  ["http.", family.http],
  ["url.", family.http],
  ["pydantic_ai.", family.pydantic],
  ["litellm.", family.litellm],
  ["lmnr.", family.laminar],
  ["lk.", family.livekit],
  ["gcp.vertex.agent.", family.adk],
  ["mcp.", family.mcp],
];
const wholeKeys = new Map<string, number>([
  ["agent_name", family.pydantic],
  ["model_name", family.pydantic],
  ["tool_arguments", family.pydantic],
  ["tool_response", family.pydantic],
  ["events", family.pydantic],
  ["all_messages_events", family.pydantic],
  ["final_result", family.pydantic],
  ["span.type", family.claudeCode],
  ["metadata.generation_name", family.litellm],
]);

function familyOf(key: string): number {
  for (const [prefix, bit] of families) if (key.startsWith(prefix)) return bit;
  return wholeKeys.get(key) ?? 0;
}

const contentKeys = new Set([
  "gen_ai.input.messages",
  "gen_ai.output.messages",
  "gen_ai.system_instructions",
  "gen_ai.tool.definitions",
  "gen_ai.tool.call.arguments",
  "gen_ai.tool.call.result",
  "gen_ai.retrieval.documents",
  "gen_ai.retrieval.query.text",
  "gen_ai.task.input",
  "gen_ai.task.output",
  "gen_ai.prompt",
  "gen_ai.completion",
  "input.value",
  "output.value",
  "ai.prompt",
  "ai.prompt.messages",
  "ai.prompt.tools",
  "ai.response.text",
  "ai.response.object",
  "ai.response.toolCalls",
  "ai.response.reasoning",
  "ai.toolCall.args",
  "ai.toolCall.result",
  "ai.value",
  "ai.values",
  "ai.embedding",
  "ai.embeddings",
  "ai.schema",
  "langfuse.observation.input",
  "langfuse.observation.output",
  "mlflow.spanInputs",
  "mlflow.spanOutputs",
  "mlflow.chat.tools",
  "mlflow.chat.tokenUsage",
  "mlflow.traceRequestId",
  "traceloop.entity.input",
  "traceloop.entity.output",
  "haystack.component.input",
  "haystack.component.output",
  "haystack.pipeline.input_data",
  "haystack.pipeline.output_data",
  "haystack.agent.input",
  "haystack.agent.output",
  "haystack.agent.step.llm.input",
  "haystack.agent.step.llm.output",
  "haystack.agent.step.tool.input",
  "haystack.agent.step.tool.output",
  "pydantic_ai.all_messages",
  "all_messages_events",
  "events",
  "final_result",
  "tool_arguments",
  "tool_response",
  "model_request_parameters",
  "logfire.json_schema",
  "lmnr.span.input",
  "lmnr.span.output",
  "metadata",
]);
const contentPrefixes = [
  "llm.input_messages.",
  "llm.output_messages.",
  "llm.tools.",
  "llm.prompts.",
  "llm.request.functions.",
  "gen_ai.prompt.",
  "gen_ai.completion.",
  "retrieval.documents.",
  "reranker.input_documents.",
  "reranker.output_documents.",
  "embedding.embeddings.",
  "gcp.vertex.agent.llm_",
];
const notContent = new Set(["gen_ai.prompt.name", "gen_ai.prompt.version"]);

function isContent(key: string): boolean {
  return contentKeys.has(key) || (!notContent.has(key) && contentPrefixes.some((prefix) => key.startsWith(prefix)));
}

/** Frameworks export credentials and contact data with their settings: protocol notes §6, "Secrets". */
function isSecret(key: string): boolean {
  const lower = key.toLowerCase();
  return (
    /api[_-]?key|authorization|password|passwd|secret|private[_-]?key|set-cookie|access[_-]?token|refresh[_-]?token|bearer/.test(lower) ||
    /(^|[._])(cookie|credentials?)$/.test(lower) ||
    lower.endsWith("user_email")
  );
}

const metadataPrefixes = [
  "langfuse.trace.metadata.",
  "ai.telemetry.metadata.",
  "ai.settings.context.",
  "traceloop.association.properties.",
  "mastra.metadata.",
  "lmnr.association.properties.metadata.",
];
/** Said elsewhere (session, user, labels). */
const notMetadata = new Set(["userId", "sessionId", "user_id", "session_id", "tags"]);

function metadataKey(key: string): string {
  for (const prefix of metadataPrefixes) {
    if (!key.startsWith(prefix)) continue;
    const rest = key.slice(prefix.length);
    return isTraceMetadata(rest) ? rest : "";
  }
  return "";
}

/** LangChain copies its own bookkeeping (`ls_provider`, `langgraph_step`) beside what the user said: not metadata of a trace. */
export function isTraceMetadata(key: string): boolean {
  return !notMetadata.has(key) && !/^(ls_|lc_|langgraph_|checkpoint_ns$|__)/.test(key);
}
