/** The spans whose tokens and money a trace sums up: model calls, each once, without sums that a wrapper repeats. */
export const COUNTED_CALL = "counted AND NOT usage_is_aggregate AND kind IN ('LLM', 'EMBEDDING')";
