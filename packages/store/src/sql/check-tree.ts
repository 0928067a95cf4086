import { isSqlFunctionAllowed } from "@telltale/model/sql";
import type { SyntaxNode } from "./syntax-tree.ts";

/** Nodes that say nothing about what is read; any kind that is not handled here or below is refused. */
const harmless = new Set([
  "SelectWithUnionQuery",
  "SelectIntersectExceptQuery",
  "SelectQuery",
  "ExpressionList",
  "Subquery",
  "WithElement",
  "TablesInSelectQuery",
  "TablesInSelectQueryElement",
  "TableExpression",
  "TableJoin",
  "ArrayJoin",
  "Literal",
  "Identifier",
  "Asterisk",
  "QualifiedAsterisk",
  "OrderByElement",
  "InterpolateElement",
  "WindowListElement",
  "WindowDefinition",
  "ColumnsTransformerList",
  "ColumnsExceptTransformer",
  "ColumnsReplaceTransformer",
  "ColumnsReplaceTransformer::Replacement",
]);

/** The right side of these may name a table. */
const membership = /^(?:global)?(?:not)?(?:null)?in(?:ignoreset)?$/i;

/**
 * Why a query is refused, or undefined when all it does is allowed: it reads nothing but `tables`, by their bare names, and
 * calls nothing but the functions of the list. What is not known is refused.
 */
export function refusalOf(root: SyntaxNode, tables: ReadonlySet<string>): string | undefined {
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const refusal = refusalOfNode(node, tables);
    if (refusal !== undefined) return refusal;
    waiting.push(...node.children);
  }
  return undefined;
}

/** All names in a tree that may mean a table. */
export function tablesIn(root: SyntaxNode): Set<string> {
  const names = new Set<string>();
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.kind === "TableIdentifier" || node.kind === "Identifier") names.add(node.text);
    waiting.push(...node.children);
  }
  return names;
}

function refusalOfNode(node: SyntaxNode, tables: ReadonlySet<string>): string | undefined {
  switch (node.kind) {
    case "TableIdentifier":
      return tables.has(node.text) ? undefined : unknownTable(node.text, tables);
    case "TableExpression": {
      const [source] = node.children;
      if (source?.kind === "Function") return `The table function ${source.text} cannot be used here; read from the documented views`;
      return source?.kind === "TableIdentifier" || source?.kind === "Subquery" ? undefined : "This way to name a table is not supported";
    }
    case "Function":
      if (!isSqlFunctionAllowed(node.text)) return `The function ${node.text} is not available here; docs/sql.md lists those that are`;
      return membership.test(node.text) ? refusalOfMembership(node, tables) : undefined;
    case "Set":
      return "SETTINGS cannot be given: the limits of a query are fixed";
    case "SampleRatio":
      return "SAMPLE is not available: views are always read whole";
    default:
      return harmless.has(node.kind) ? undefined : `This syntax is not supported here (${node.kind})`;
  }
}

/** `x IN name` reads a table of that name, if there is one. */
function refusalOfMembership(node: SyntaxNode, tables: ReadonlySet<string>): string | undefined {
  const right = node.children[0]?.children[1];
  if (right === undefined || (right.kind !== "Identifier" && right.kind !== "TableIdentifier")) return undefined;
  return tables.has(right.text) ? undefined : `The right side of IN is a list, a subquery or a view; for a column use has(${right.text}, …)`;
}

function unknownTable(name: string, tables: ReadonlySet<string>): string {
  return `There is no view ${name.slice(0, 100)}; there are ${[...tables].join(", ")}`;
}
