/** One line of the JSON tree. */
export interface JsonRow {
  /** Unique and stable: the keys joined by `\u0000`. */
  path: string;
  depth: number;
  /** Undefined for the root. */
  key: string | undefined;
  value: unknown;
  /** Children of an object or array. */
  childCount: number | undefined;
  isOpen: boolean;
  /** Set on the line that stands for the children not listed yet. */
  more?: number;
}

/** Children listed at first, and by each "more". */
export const CHILDREN_STEP = 200;
/** Containers up to this size and depth are open at first. */
const OPEN_CHILDREN = 40;
const OPEN_DEPTH = 2;

/** What the reader changed: opened or closed paths, and how many children of a path are listed. */
export interface JsonFolds {
  open: ReadonlyMap<string, boolean>;
  listed: ReadonlyMap<string, number>;
}

export const noFolds: JsonFolds = { open: new Map(), listed: new Map() };

/** The visible lines. Walks only what is open and listed, so a value of 20 MB costs what is on screen, not what it weighs. */
export function jsonRows(value: unknown, folds: JsonFolds): JsonRow[] {
  const rows: JsonRow[] = [];
  const stack: JsonRow[] = [makeRow("", 0, undefined, value, folds)];
  for (let row = stack.pop(); row !== undefined; row = stack.pop()) {
    rows.push(row);
    if (!row.isOpen || row.more !== undefined) continue;
    const limit = folds.listed.get(row.path) ?? CHILDREN_STEP;
    const children = childrenOf(row.value, limit).map(([key, child]) => makeRow(`${row.path}\u0000${key}`, row.depth + 1, key, child, folds));
    const rest = (row.childCount ?? 0) - children.length;
    if (rest > 0)
      stack.push({
        path: `${row.path}\u0000\u0001more`,
        depth: row.depth + 1,
        key: undefined,
        value: undefined,
        childCount: undefined,
        isOpen: false,
        more: rest,
      });
    for (let index = children.length - 1; index >= 0; index -= 1) {
      const child = children[index];
      if (child !== undefined) stack.push(child);
    }
  }
  return rows;
}

function makeRow(path: string, depth: number, key: string | undefined, value: unknown, folds: JsonFolds): JsonRow {
  const childCount = countChildren(value);
  const opensByItself = depth === 0 || (depth < OPEN_DEPTH && (childCount ?? 0) <= OPEN_CHILDREN);
  return { path, depth, key, value, childCount, isOpen: childCount !== undefined && childCount > 0 && (folds.open.get(path) ?? opensByItself) };
}

function countChildren(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length;
  if (typeof value === "object" && value !== null) return Object.keys(value).length;
  return undefined;
}

function childrenOf(value: unknown, limit: number): [string, unknown][] {
  if (Array.isArray(value)) return value.slice(0, limit).map((child, index) => [String(index), child]);
  if (typeof value !== "object" || value === null) return [];
  const children: [string, unknown][] = [];
  for (const [key, child] of Object.entries(value)) {
    if (children.length >= limit) break;
    children.push([key, child]);
  }
  return children;
}

/** The path of the container a "more" line belongs to. */
export function containerOf(path: string): string {
  return path.slice(0, path.lastIndexOf("\u0000"));
}

/** A folded container in a few words: `{ role, content, … }`, `[ 3 ]`. */
export function foldedText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `[ ${value.length} ]`;
  const keys = Object.keys(value ?? {});
  if (keys.length === 0) return "{}";
  return `{ ${keys.slice(0, 4).join(", ")}${keys.length > 4 ? ", …" : ""} }`;
}

/** About how large a value is as JSON, in bytes; stops counting at `limit`. */
export function approximateSize(value: unknown, limit: number): number {
  let size = 0;
  const stack: unknown[] = [value];
  while (stack.length > 0 && size < limit) {
    const top = stack.pop();
    if (typeof top === "string") size += top.length + 2;
    else if (Array.isArray(top)) for (const child of top) stack.push(child);
    else if (typeof top === "object" && top !== null) {
      for (const [key, child] of Object.entries(top)) {
        size += key.length + 4;
        stack.push(child);
      }
    } else size += 5;
  }
  return Math.min(size, limit);
}
