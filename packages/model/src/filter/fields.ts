import type { Field, Op, SpanField, TraceField } from "./ast.ts";

export type FieldType = "text" | "number" | "boolean" | "status" | "content" | "assessment";

/** One thing a filter can ask about; completion, documentation and the parser read the same list. */
export interface FilterField {
  /** As written; `<key>` and `<name>` are chosen by the user. */
  name: string;
  aliases: readonly string[];
  type: FieldType;
  operators: readonly (Op | "BETWEEN")[];
  /** The values that exist, when the set is closed. */
  values?: readonly string[];
  description: string;
  examples: readonly string[];
  /** Set when the field can stand in `order_by`. */
  sortable: boolean;
  /** The tree node; a `<key>` is filled in by the parser. */
  field: Field;
}

const textOps = ["=", "!=", "IN", "NOT IN", "LIKE", "ILIKE", "RLIKE"] as const;
const numberOps = ["=", "!=", ">", ">=", "<", "<=", "IN", "NOT IN", "BETWEEN"] as const;
const nullOps = ["IS NULL", "IS NOT NULL"] as const;
const operatorsOf: Record<FieldType, readonly (Op | "BETWEEN")[]> = {
  text: textOps,
  status: textOps,
  number: numberOps,
  boolean: ["=", "!="],
  content: ["~", "LIKE", "ILIKE", "RLIKE"],
  assessment: [...textOps, ">", ">=", "<", "<=", "BETWEEN", ...nullOps],
};

interface Extra {
  aliases?: readonly string[];
  /** Always has a value: IS NULL would be meaningless. */
  required?: boolean;
  sortable?: boolean;
  values?: readonly string[];
}

function entry(name: string, type: FieldType, field: Field, description: string, examples: readonly string[], extra: Extra = {}): FilterField {
  const nullable = extra.required !== true && (type === "text" || type === "number");
  return {
    name,
    aliases: extra.aliases ?? [],
    type,
    operators: nullable ? [...operatorsOf[type], ...nullOps] : operatorsOf[type],
    ...(extra.values ? { values: extra.values } : {}),
    description,
    examples,
    sortable: extra.sortable ?? false,
    field,
  };
}

function trace(name: TraceField, type: FieldType, description: string, example: string, extra: Extra = {}): FilterField {
  return entry(name, type, { entity: "trace", name }, description, [example], extra);
}

function span(name: SpanField, type: FieldType, description: string, example: string, extra: Extra = {}): FilterField {
  return entry(`span.${name}`, type, { entity: "span", name }, description, [example], extra);
}

export const traceStatuses = ["OK", "ERROR", "IN_PROGRESS", "UNSET", "STATE_UNSPECIFIED"] as const;
export const spanStatuses = ["OK", "ERROR", "UNSET"] as const;
const need = { required: true } as const;
const sort = { sortable: true } as const;

/** Everything a filter can ask about. The order is the order of completion. */
export const filterFields: readonly FilterField[] = [
  trace("status", "status", "How the trace ended.", "status = 'ERROR'", { aliases: ["state"], values: traceStatuses, ...sort, ...need }),
  trace("name", "text", "Name of the trace (of its root span).", "name ILIKE '%checkout%'", sort),
  entry("text", "content", { entity: "content" }, "Words (~) or a substring (LIKE) in inputs, outputs and attributes of one span.", [
    "text ~ 'refund order'",
    "text ILIKE '%timeout%'",
  ]),
  entry(
    "tags.<key>",
    "text",
    { entity: "tag", key: "" },
    "A tag. Keys with odd characters stand in back-ticks.",
    ["tags.environment = 'production'", "tags.`mlflow.trace.session` IS NOT NULL"],
    { aliases: ["tag.<key>"], ...sort },
  ),
  entry("metadata.<key>", "text", { entity: "metadata", key: "" }, "Metadata set when the trace was recorded.", ["metadata.`mlflow.trace.user` = 'ada'"], {
    aliases: ["request_metadata.<key>"],
    ...sort,
  }),
  trace("session", "text", "Session (conversation) id.", "session = 'chat-42'", { aliases: ["session_id"], ...sort }),
  trace("user", "text", "User id.", "user = 'ada'", { aliases: ["user_id"], ...sort }),
  trace("environment", "text", "Deployment environment.", "environment = 'production'", sort),
  trace("version", "text", "Version of the application.", "version IN ('1.4.0', '1.4.1')", sort),
  trace("service", "text", "A service that took part.", "service = 'api'"),
  trace("model", "text", "A model that was called.", "model LIKE 'gpt-%'"),
  trace("provider", "text", "A model provider that was called.", "provider = 'anthropic'"),
  trace("tool", "text", "A tool that was called.", "tool = 'search_orders'"),
  trace("failed_tool", "text", "A tool that failed.", "failed_tool = 'search_orders'"),
  trace("agent", "text", "An agent that took part.", "agent = 'planner'"),
  trace("label", "text", "A label (from `tag.tags` and the like).", "label = 'nightly'"),
  trace("detector", "text", "A detector that found something.", "detector = 'pii.email'"),
  trace("diagnostic", "text", "A diagnostic of agents that found something.", "diagnostic = 'loop'"),
  trace("has_error", "boolean", "The trace or one of its spans failed.", "has_error = true"),
  trace("duration_ms", "number", "Duration in milliseconds.", "duration_ms > 2500", { ...sort, ...need }),
  trace("execution_time_ms", "number", "Duration in whole milliseconds, as MLflow shows it.", "execution_time_ms >= 1000", {
    aliases: ["execution_time"],
    ...sort,
    ...need,
  }),
  trace("ttft_ms", "number", "Time to the first token, milliseconds.", "ttft_ms > 800", sort),
  trace("cost_usd", "number", "Cost in US dollars; traces without a known cost do not match.", "cost_usd > 0.05", sort),
  trace("tokens.total", "number", "Input and output tokens together.", "tokens.total > 10000", sort),
  trace("tokens.input", "number", "Input tokens, cache included.", "tokens.input > 8000", sort),
  trace("tokens.output", "number", "Output tokens, reasoning included.", "tokens.output < 5", sort),
  trace("tokens.cache_read", "number", "Input tokens that came from the provider's cache.", "tokens.cache_read > 0", sort),
  trace("span_count", "number", "Number of spans.", "span_count > 200", { ...sort, ...need }),
  trace("error_count", "number", "Number of failed spans.", "error_count > 0", { ...sort, ...need }),
  trace("llm_calls", "number", "Number of model calls.", "llm_calls > 10", { ...sort, ...need }),
  trace("complete", "boolean", "All promised spans have arrived.", "complete = false"),
  trace("timestamp_ms", "number", "Start, milliseconds since 1970.", "timestamp_ms > 1795424400000", { aliases: ["timestamp"], ...sort, ...need }),
  trace("end_time_ms", "number", "End, milliseconds since 1970.", "end_time_ms < 1795424400000", { aliases: ["end_time"], ...sort, ...need }),
  trace("trace_id", "text", "Id of the trace, with or without `tr-`.", "trace_id = 'tr-e22b6888c8d8edc52ddaf33e21ae65d5'", {
    aliases: ["request_id"],
    ...sort,
    ...need,
  }),
  trace("client_request_id", "text", "The id the client gave the request.", "client_request_id = 'req-abc-123'", sort),
  trace("run_id", "text", "An MLflow run the trace belongs to or is linked to.", "run_id = '4d6ab866cea549a49093b6befa0d804f'", sort),
  trace("project_id", "text", "Project (MLflow: experiment) id.", "project_id = '0'", { aliases: ["experiment_id"], ...sort, ...need }),
  entry("prompt", "text", { entity: "prompt" }, "A prompt that was used, as `name/version`.", ["prompt = 'support-reply/3'"]),
  entry("feedback.<name>", "assessment", { entity: "feedback", name: "" }, "Value of a feedback on the trace, a span of it or its session.", [
    "feedback.correctness = 'yes'",
    "feedback.score < 0.5",
  ]),
  entry("expectation.<name>", "assessment", { entity: "expectation", name: "" }, "Value of an expectation.", ["expectation.answer LIKE '%42%'"]),
  entry("issue.id", "text", { entity: "issue", name: "id" }, "An issue the trace is linked to.", ["issue.id = 'iss-0123'"]),
  entry("issue.name", "text", { entity: "issue", name: "name" }, "Name of an issue the trace is linked to.", ["issue.name = 'Slow tools'"]),
  span(
    "name",
    "text",
    "Name of a span. All span clauses joined by AND hold for one and the same span.",
    "span.name = 'retrieve' AND span.duration_ms > 500",
    need,
  ),
  span("type", "text", "Kind of a span: LLM, TOOL, RETRIEVER, AGENT, CHAIN, … or MLflow's own type (CHAT_MODEL).", "span.type IN ('TOOL', 'LLM')", need),
  span("status", "status", "Status of a span.", "span.status = 'ERROR'", { values: spanStatuses, ...need }),
  span("model", "text", "Model of a span.", "span.model = 'gpt-4o-mini'"),
  span("provider", "text", "Provider of a span.", "span.provider = 'openai'"),
  span("tool", "text", "Tool of a span.", "span.tool = 'search_orders' AND span.status = 'ERROR'"),
  span("agent", "text", "Agent of a span.", "span.agent = 'planner'"),
  span("service", "text", "Service of a span.", "span.service = 'api'"),
  span("error_type", "text", "Type of the error of a span.", "span.error_type = 'RateLimitError'"),
  span("duration_ms", "number", "Duration of a span in milliseconds.", "span.duration_ms > 1000", need),
  span("cost_usd", "number", "Cost of a span in US dollars.", "span.cost_usd > 0.01"),
  entry("span.content", "content", { entity: "content" }, "As `text`.", ["span.content LIKE '%what%'"]),
  entry(
    "span.attributes.<key>",
    "text",
    { entity: "span_attribute", key: "" },
    "A scalar attribute of a span.",
    ["span.attributes.top_k = '3'", "span.attributes.`mlflow.llm.model` = 'gpt-4o-mini'"],
    { aliases: ["span.attribute.<key>"] },
  ),
];

/** MLflow lets trace fields stand bare or behind one of these. */
const tracePrefixes = new Set(["trace", "attributes", "attribute"]);
/** Entities that need a name of the user's choice after the dot. */
const keyed = new Map(
  filterFields.flatMap((item) =>
    [item.name, ...item.aliases].filter((name) => name.endsWith(">")).map((name) => [name.slice(0, name.indexOf(".<")), item] as const),
  ),
);
const plain = new Map(filterFields.flatMap((item) => [item.name, ...item.aliases].filter((name) => !name.endsWith(">")).map((name) => [name, item] as const)));

export type Resolved = { item: FilterField; field: Field } | { problem: "unknown" } | { problem: "no_key"; item: FilterField };

/** Finds the field a dotted path means. */
export function resolveField(segments: readonly string[]): Resolved {
  const [head = "", second = ""] = segments;
  const rest = tracePrefixes.has(head) ? segments.slice(1) : segments;
  const item = plain.get(rest.join("."));
  if (item && (rest === segments || (item.field.entity !== "span" && item.field.entity !== "issue" && item.name !== "span.content")))
    return { item, field: item.field };
  for (const [length, prefix] of [
    [2, `${head}.${second}`],
    [1, head],
  ] as const) {
    const template = keyed.get(prefix);
    if (!template) continue;
    const key = segments.slice(length).join(".");
    return key === "" ? { problem: "no_key", item: template } : { item: template, field: withKey(template.field, key) };
  }
  return { problem: "unknown" };
}

function withKey(field: Field, key: string): Field {
  switch (field.entity) {
    case "tag":
    case "metadata":
    case "span_attribute":
      return { entity: field.entity, key };
    case "feedback":
    case "expectation":
      return { entity: field.entity, name: key };
    default:
      return field;
  }
}

/** Every way to write a field, for suggestions. */
export const fieldNames: readonly string[] = filterFields.flatMap((item) => [item.name, ...item.aliases]);
/** Names for the sentence of an error: one per field. */
export const canonicalNames: readonly string[] = filterFields.map((item) => item.name);
