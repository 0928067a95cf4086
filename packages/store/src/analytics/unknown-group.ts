/** Stands in a group where a value is not known. */
export const UNKNOWN = "unknown";
