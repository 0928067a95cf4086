export { redactSpan } from "./attribute-map.ts";
export { NORM_VERSION } from "./blank.ts";
export { readContent } from "./content/content.ts";
export { normaliseSpan } from "./normalise.ts";
export { canonicalProvider, providerOfModel } from "./provider.ts";
export { conventions } from "./registry.ts";
export type { Convention } from "./convention.ts";
