/**
 * How many parts of like size the engine lets gather before it joins them; its default is 5. Each joining writes every row again, and in
 * `payloads` its words are indexed again: under steady load that was half of the engine's CPU. Parts that stay behind are joined as
 * they grow old, and their indexes are built as soon as it is quiet (`indexFreshParts`).
 */
const partsOfLikeSize: Record<string, number> = { payloads: 12, spans: 10, traces: 10, trace_rows: 10 };

export const mergeLess: readonly string[] = Object.entries(partsOfLikeSize).map(
  ([table, parts]) => `ALTER TABLE ${table} MODIFY SETTING merge_selector_base = ${parts}`,
);
