import type { TokenClass } from "@telltale/model/api";

export const classNames: Record<TokenClass, string> = {
  input: "Input",
  cached: "Cached input",
  cache_write: "Cache write",
  cache_write_1h: "Cache write, 1 h",
  audio_input: "Audio input",
  image_input: "Image input",
  output: "Output",
  reasoning: "Reasoning",
  audio_output: "Audio output",
};
