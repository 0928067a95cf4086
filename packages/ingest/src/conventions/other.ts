import type { Convention } from "./convention.ts";

/** Any other span: a step of a chain, kept whole. Keys of other conventions still fill its fields. */
export const other: Convention = {
  name: "other",
  summary: "Spans that no convention recognises.",
  families: 0,
  recognises: () => true,
  kind: () => "CHAIN",
  read: () => undefined,
};
