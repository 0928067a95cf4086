import type { Field, Filter, Literal } from "./ast.ts";

/** Writes a filter as text; parsing the text gives the same tree (but for columns). */
export function formatFilter(filter: Filter | undefined): string {
  return filter === undefined ? "" : write(filter);
}

function write(filter: Filter): string {
  switch (filter.kind) {
    case "compare":
      return compare(filter);
    case "span_exists":
      return filter.items.map(compare).join(" AND ");
    case "not":
      return `NOT ${isSingle(filter.item) ? write(filter.item) : `(${write(filter.item)})`}`;
    case "or":
      return filter.items.map((item) => (item.kind === "or" ? `(${write(item)})` : write(item))).join(" OR ");
    case "and": {
      // Two groups of span clauses are about two spans: parentheses keep them apart.
      const groups = filter.items.filter((item) => item.kind === "span_exists").length;
      return filter.items
        .map((item) => (item.kind === "or" || item.kind === "and" || (item.kind === "span_exists" && groups > 1) ? `(${write(item)})` : write(item)))
        .join(" AND ");
    }
  }
}

function isSingle(filter: Filter): boolean {
  return filter.kind === "compare" || filter.kind === "not" || (filter.kind === "span_exists" && filter.items.length === 1);
}

function compare(filter: Extract<Filter, { kind: "compare" }>): string {
  const left = formatField(filter.field);
  const values = filter.values.map(literal);
  if (filter.values.length === 0) return `${left} ${filter.op}`;
  return filter.op === "IN" || filter.op === "NOT IN" ? `${left} ${filter.op} (${values.join(", ")})` : `${left} ${filter.op} ${values[0] ?? ""}`;
}

/** A field as it is written, odd keys in back-ticks. */
export function formatField(field: Field): string {
  switch (field.entity) {
    case "trace":
      return field.name;
    case "tag":
      return `tags.${key(field.key)}`;
    case "metadata":
      return `metadata.${key(field.key)}`;
    case "span":
      return `span.${field.name}`;
    case "span_attribute":
      return `span.attributes.${key(field.key)}`;
    case "content":
      return "text";
    case "feedback":
    case "expectation":
      return `${field.entity}.${key(field.name)}`;
    case "prompt":
      return "prompt";
    case "issue":
      return `issue.${field.name}`;
  }
}

function key(name: string): string {
  return /^[\p{L}\p{N}_-]+$/u.test(name) ? name : `\`${name.replaceAll("`", "``")}\``;
}

function literal(value: Literal): string {
  switch (value.type) {
    case "string":
      return `'${value.value.replaceAll("'", "''")}'`;
    case "number":
      return value.text;
    case "boolean":
      return String(value.value);
  }
}
