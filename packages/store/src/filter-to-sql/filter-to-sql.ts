import type { Filter } from "@telltale/model/filter";
import { assessmentSql, issueSql, markedSql } from "./assessment-sql.ts";
import { type Compare, listCompare, textCompare } from "./compare-sql.ts";
import { spanExistsSql } from "./span-sql.ts";
import type { Reading, SqlContext } from "./sql-context.ts";
import { mapValueSql, traceFieldSql } from "./trace-field-sql.ts";

/**
 * A filter as a condition on rows of `traces`: 0 or 1, never NULL. Values are bound in `context.params`. Spans, content and
 * assessments are subqueries; see `SqlContext.mode` for how exactly they are read.
 */
export function filterToSql(filter: Filter, context: SqlContext): string {
  return write(filter, context, false);
}

/** True when a filter asks about other tables than `traces`, so that a superset must be asked again. */
export function readsOtherTables(filter: Filter): boolean {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.items.some(readsOtherTables);
    case "not":
      return readsOtherTables(filter.item);
    case "span_exists":
      return true;
    case "compare": {
      const { field } = filter;
      return !(
        field.entity === "tag" ||
        field.entity === "metadata" ||
        field.entity === "prompt" ||
        (field.entity === "trace" && field.name !== "detector" && field.name !== "diagnostic")
      );
    }
  }
}

/** True when a filter asks about the content of spans. */
export function readsContent(filter: Filter): boolean {
  return hasClause(filter, ({ field }) => field.entity === "content");
}

/** True when a filter must read texts one by one: patterns in content, attributes of spans. No index helps there. */
export function scansTexts(filter: Filter): boolean {
  return hasClause(filter, ({ field, op }) => (field.entity === "content" && op !== "~") || field.entity === "span_attribute");
}

function hasClause(filter: Filter, wanted: (clause: Compare) => boolean): boolean {
  switch (filter.kind) {
    case "and":
    case "or":
    case "span_exists":
      return filter.items.some((item) => hasClause(item, wanted));
    case "not":
      return hasClause(filter.item, wanted);
    case "compare":
      return wanted(filter);
  }
}

function write(filter: Filter, context: SqlContext, negated: boolean): string {
  switch (filter.kind) {
    case "and":
      return `(${filter.items.map((item) => write(item, context, negated)).join(" AND ")})`;
    case "or":
      return `(${filter.items.map((item) => write(item, context, negated)).join(" OR ")})`;
    case "not":
      return `NOT (${write(filter.item, context, !negated)})`;
    case "span_exists":
      return spanExistsSql(filter.items, context, readingOf(context, negated));
    case "compare":
      return compareSql(filter, context, readingOf(context, negated));
  }
}

function readingOf(context: SqlContext, negated: boolean): Reading {
  return {
    final: negated || context.mode === "exact",
    spanRows: context.spanRows ?? [],
    assessmentRows: context.assessmentRows ?? [],
  };
}

function compareSql(clause: Compare, context: SqlContext, reading: Reading): string {
  const { field } = clause;
  const { params } = context;
  switch (field.entity) {
    case "trace":
      return field.name === "detector" || field.name === "diagnostic"
        ? markedSql(field.name, clause, context, reading)
        : traceFieldSql(field.name, clause, params);
    case "tag":
    case "metadata":
      return textCompare(mapValueSql(field.entity, field.key, params), clause, params);
    case "prompt":
      return listCompare("prompts", clause, params);
    case "issue":
      return issueSql(field.name, clause, context, reading);
    case "feedback":
    case "expectation":
      return assessmentSql(field.entity, field.name, clause, context, reading);
    case "span":
    case "span_attribute":
    case "content":
      // The parser groups these; one that stands alone is a group of one.
      return spanExistsSql([clause], context, reading);
  }
}
