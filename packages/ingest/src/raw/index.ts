export { packRaw } from "./pack-raw.ts";
export { unpackRaw } from "./unpack-raw.ts";
export { attributeJson } from "./attribute-json.ts";
export { parseAttributeJson } from "./parse-attribute-json.ts";
export { wellFormed } from "./well-formed.ts";
