import { join } from "node:path";

/** Settings of the embedded engine: small caches (the whole product idles under 500 MB), few background threads, no system logs. */
export function engineConfig(dir: string): string {
  const text = (value: string): string => value.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<clickhouse>
  <path>${text(dir)}/</path>
  <mark_cache_size>67108864</mark_cache_size>
  <index_mark_cache_size>16777216</index_mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <index_uncompressed_cache_size>0</index_uncompressed_cache_size>
  <primary_index_cache_size>33554432</primary_index_cache_size>
  <text_index_tokens_cache_size>16777216</text_index_tokens_cache_size>
  <text_index_header_cache_size>16777216</text_index_header_cache_size>
  <text_index_postings_cache_size>33554432</text_index_postings_cache_size>
  <query_condition_cache_size>8388608</query_condition_cache_size>
  <background_pool_size>2</background_pool_size>
  <background_merges_mutations_concurrency_ratio>1</background_merges_mutations_concurrency_ratio>
  <background_schedule_pool_size>2</background_schedule_pool_size>
  <max_server_memory_usage>4294967296</max_server_memory_usage>
  <backups><allowed_path>${text(join(dir, "..", "backups"))}/</allowed_path></backups>
</clickhouse>
`;
}
