/** A node of the engine's own syntax tree, as `EXPLAIN AST` prints it. */
export interface SyntaxNode {
  kind: string;
  /** What follows the kind: a name, a literal. */
  text: string;
  children: SyntaxNode[];
}

const line = /^( *)([A-Z][A-Za-z]*(?:::[A-Za-z]+)?)(?: (.*?))?$/;
const childCount = /^(.*?) ?\(children (\d+)\)$/;
const aliased = /^(.*?) ?\(alias .*\)$/;

/**
 * Reads what `EXPLAIN AST` prints. Names are printed as they are, so one with a line break or parentheses in it could look
 * like nodes of its own: every node says how many children it has, and a tree in which that is not so is `undefined`.
 */
export function readSyntaxTree(printed: string): SyntaxNode | undefined {
  const open: { node: SyntaxNode; expected: number }[] = [];
  let root: SyntaxNode | undefined;
  for (const raw of printed.split("\n")) {
    if (raw === "") continue;
    const [, indent = "", kind = "", rest = ""] = line.exec(raw) ?? [];
    if (kind === "" || indent.length > open.length) return undefined;
    const [, before = rest, count = "0"] = childCount.exec(rest) ?? [];
    const node: SyntaxNode = { kind, text: aliased.exec(before)?.[1] ?? before, children: [] };
    if (!isWhole(open.splice(indent.length))) return undefined;
    const parent = open.at(-1);
    if (parent === undefined) {
      if (root !== undefined) return undefined;
      root = node;
    } else parent.node.children.push(node);
    open.push({ node, expected: Number(count) });
  }
  return isWhole(open) ? root : undefined;
}

function isWhole(closed: readonly { node: SyntaxNode; expected: number }[]): boolean {
  return closed.every(({ node, expected }) => node.children.length === expected);
}
