export * from "./ast.ts";
export { type FieldType, type FilterField, filterFields } from "./fields.ts";
export { formatField, formatFilter } from "./format.ts";
export { isSpanField, parseFilter } from "./parse.ts";
export { parseOrderBy } from "./parse-order-by.ts";
