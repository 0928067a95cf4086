import { filterFields } from "@telltale/model/filter";
import type { FieldHint } from "./completion.ts";

/** The catalogue of the filter language, as completion needs it: `tags.<key>` becomes the prefix `tags.`. */
export const fieldHints: readonly FieldHint[] = filterFields.map((field) => {
  const open = field.name.indexOf("<");
  const values = field.values ?? (field.type === "boolean" ? ["true", "false"] : undefined);
  return {
    name: open === -1 ? field.name : field.name.slice(0, open),
    operators: field.operators,
    summary: field.description,
    ...(values === undefined ? {} : { values }),
    bare: field.type === "boolean" || field.type === "number",
    prefix: open !== -1,
  };
});
