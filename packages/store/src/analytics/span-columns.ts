/** Columns that `spans` got after its first version, as declared. Spans stored before have 0: not known. */
export const addedSpanColumns = [
  // Which identities the reported tokens broke, a bit each: see `usageFlaws` of the model.
  "usage_flaws UInt16 CODEC(ZSTD(1))",
  // What a model or a tool was given, whole and its first 4,096 characters, as hashes: 0 = neither, nothing, or shorter.
  "input_hash UInt64 CODEC(ZSTD(1))",
  "prefix_hash UInt32 CODEC(ZSTD(1))",
] as const;

export const addSpanColumns: readonly string[] = addedSpanColumns.map((column) => `ALTER TABLE spans ADD COLUMN IF NOT EXISTS ${column}`);
