import type { Usage } from "@telltale/model";
import { known } from "./trace-rows.ts";

/** The tokens of a span as its row has them. */
export interface TokenRow {
  input_tokens: number | null;
  output_tokens: number | null;
  cache_read_tokens: number | null;
  cache_write_tokens: number | null;
  cache_write_1h_tokens: number | null;
  reasoning_tokens: number | null;
  input_audio_tokens: number | null;
  output_audio_tokens: number | null;
  input_image_tokens: number | null;
}

/** Tokens as reported; NULL is "not known". */
export function usageOf(row: TokenRow): Usage {
  return {
    input: known(row.input_tokens),
    output: known(row.output_tokens),
    cacheRead: known(row.cache_read_tokens),
    cacheWrite: known(row.cache_write_tokens),
    cacheWrite1h: known(row.cache_write_1h_tokens),
    reasoning: known(row.reasoning_tokens),
    inputAudio: known(row.input_audio_tokens),
    outputAudio: known(row.output_audio_tokens),
    inputImage: known(row.input_image_tokens),
  };
}
