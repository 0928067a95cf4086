import type { Filter, TraceField } from "@telltale/model/filter";

/** The filter without what it says of `field` alone where that must hold (its AND clauses); itself when it says nothing such. */
export function withoutField(filter: Filter | undefined, field: TraceField): Filter | undefined {
  if (filter === undefined) return undefined;
  if (isOnlyAbout(filter, field)) return undefined;
  if (filter.kind !== "and") return filter;
  const items = filter.items.flatMap((item) => withoutField(item, field) ?? []);
  const isUntouched = items.length === filter.items.length && items.every((item, index) => item === filter.items[index]);
  if (isUntouched) return filter;
  return items.length > 1 ? { kind: "and", items } : items[0];
}

function isOnlyAbout(filter: Filter, field: TraceField): boolean {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.items.every((item) => isOnlyAbout(item, field));
    case "not":
      return isOnlyAbout(filter.item, field);
    case "span_exists":
      return false;
    case "compare":
      return filter.field.entity === "trace" && filter.field.name === field;
  }
}
