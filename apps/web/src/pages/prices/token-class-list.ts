import type { TokenClass } from "@telltale/model/api";

/** In the order of the editor: what nearly every price has comes first. The list of the API's schema comes with zod, which pages do not load. */
export const tokenClasses: readonly TokenClass[] = [
  "input",
  "output",
  "cached",
  "cache_write",
  "cache_write_1h",
  "reasoning",
  "audio_input",
  "audio_output",
  "image_input",
];
