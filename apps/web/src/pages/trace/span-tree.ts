import type { SpanSkeleton } from "@telltale/model/api";

type Needed = "span_id" | "name" | "kind" | "start_time" | "duration_ms";
/** A span of the tree: what every span has, and what it may have. `start_ms`: since any moment that is the same for all. */
export type TreeSpan = { start_ms: number } & Pick<SpanSkeleton, Needed> & { [K in Exclude<keyof SpanSkeleton, Needed>]?: SpanSkeleton[K] | null };

/** Bits of `SpanTree.flags`. */
export const ERROR = 1;
export const NOISE = 2;
export const ORPHAN = 4;

/** A trace flattened once, in preorder; index `i` is a span, its descendants are `i + 1 … end[i] - 1`. */
export interface SpanTree {
  spans: readonly TreeSpan[];
  parent: Int32Array;
  depth: Uint16Array;
  end: Int32Array;
  /** Milliseconds since the first span began. */
  startMs: Float64Array;
  endMs: Float64Array;
  flags: Uint8Array;
  /** Failed spans below, without the span itself. */
  errorsBelow: Int32Array;
  totalMs: number;
  errorCount: number;
  noiseCount: number;
  indexOf: ReadonlyMap<string, number>;
}

const MAX_DEPTH = 65_535;

/**
 * Linear in the spans when they come in start order, as the API sends them. A span whose parent is missing becomes a
 * root (flag ORPHAN), and so does one whole circle of parents; nothing that was recorded is left out.
 */
export function buildSpanTree(input: readonly TreeSpan[]): SpanTree {
  const count = input.length;
  const order = startOrder(input);
  const positions = new Map<string, number>();
  for (let at = 0; at < count; at += 1) positions.set(input[order.indices[at] ?? 0]?.span_id ?? "", at);

  // Children as linked lists in start order: no array per span.
  const firstChild = new Int32Array(count).fill(-1);
  const lastChild = new Int32Array(count).fill(-1);
  const nextSibling = new Int32Array(count).fill(-1);
  const parentAt = new Int32Array(count).fill(-1);
  const roots: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const parentId = input[order.indices[at] ?? 0]?.parent_span_id;
    const found = parentId == null ? undefined : positions.get(parentId);
    if (found === undefined || found === at) {
      roots.push(at);
      continue;
    }
    parentAt[at] = found;
    const last = lastChild[found] ?? -1;
    if (last === -1) firstChild[found] = at;
    else nextSibling[last] = at;
    lastChild[found] = at;
  }
  breakCircles(count, parentAt, firstChild, nextSibling, roots);
  return flatten(input, order, roots, firstChild, nextSibling);
}

function startOrder(input: readonly TreeSpan[]): { indices: Int32Array; startMs: Float64Array } {
  const startMs = new Float64Array(input.length);
  const indices = new Int32Array(input.length);
  let isSorted = true;
  for (let index = 0; index < input.length; index += 1) {
    startMs[index] = input[index]?.start_ms ?? 0;
    indices[index] = index;
    if (index > 0 && (startMs[index] ?? 0) < (startMs[index - 1] ?? 0)) isSorted = false;
  }
  if (!isSorted) indices.sort((a, b) => (startMs[a] ?? 0) - (startMs[b] ?? 0) || a - b);
  return { indices, startMs };
}

/** What no root reaches hangs in a circle: its first span is made a root, until everything is reached. */
function breakCircles(count: number, parentAt: Int32Array, firstChild: Int32Array, nextSibling: Int32Array, roots: number[]): void {
  const reached = new Uint8Array(count);
  const mark = (root: number): number => {
    const stack = [root];
    let marked = 0;
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (reached[at] === 1) continue;
      reached[at] = 1;
      marked += 1;
      for (let child = firstChild[at] ?? -1; child !== -1; child = nextSibling[child] ?? -1) stack.push(child);
    }
    return marked;
  };
  let total = 0;
  for (const root of roots) total += mark(root);
  for (let at = 0; at < count && total < count; at += 1) {
    if (reached[at] === 1) continue;
    unlink(at, parentAt[at] ?? -1, firstChild, nextSibling);
    roots.push(at);
    total += mark(at);
  }
}

function unlink(child: number, parent: number, firstChild: Int32Array, nextSibling: Int32Array): void {
  if (firstChild[parent] === child) {
    firstChild[parent] = nextSibling[child] ?? -1;
  } else {
    for (let at = firstChild[parent] ?? -1; at !== -1; at = nextSibling[at] ?? -1) {
      if (nextSibling[at] === child) nextSibling[at] = nextSibling[child] ?? -1;
    }
  }
  nextSibling[child] = -1;
}

function flatten(
  input: readonly TreeSpan[],
  order: { indices: Int32Array; startMs: Float64Array },
  roots: readonly number[],
  firstChild: Int32Array,
  nextSibling: Int32Array,
): SpanTree {
  const count = input.length;
  const spans: TreeSpan[] = [];
  const parent = new Int32Array(count);
  const depth = new Uint16Array(count);
  const end = new Int32Array(count);
  const startMs = new Float64Array(count);
  const endMs = new Float64Array(count);
  const flags = new Uint8Array(count);
  const errorsBelow = new Int32Array(count);
  const indexOf = new Map<string, number>();
  let errorCount = 0;
  let noiseCount = 0;

  // Depth first with a stack of our own: a chain of 50,000 spans must not overflow the call stack.
  const stack: { at: number; parent: number; depth: number }[] = [];
  for (let index = roots.length - 1; index >= 0; index -= 1) stack.push({ at: roots[index] ?? 0, parent: -1, depth: 0 });
  const pushed: number[] = [];
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const source = order.indices[entry.at] ?? 0;
    const span = input[source];
    if (span === undefined) continue;
    const index = spans.push(span) - 1;
    indexOf.set(span.span_id, index);
    parent[index] = entry.parent;
    depth[index] = Math.min(entry.depth, MAX_DEPTH);
    startMs[index] = order.startMs[source] ?? 0;
    endMs[index] = (order.startMs[source] ?? 0) + span.duration_ms;
    if (span.status === "error") {
      flags[index] = ERROR;
      errorCount += 1;
    }
    if (span.noise === true) {
      flags[index] = (flags[index] ?? 0) | NOISE;
      noiseCount += 1;
    }
    if (entry.parent === -1 && span.parent_span_id != null) flags[index] = (flags[index] ?? 0) | ORPHAN;
    pushed.length = 0;
    for (let child = firstChild[entry.at] ?? -1; child !== -1; child = nextSibling[child] ?? -1) pushed.push(child);
    for (let child = pushed.length - 1; child >= 0; child -= 1) stack.push({ at: pushed[child] ?? 0, parent: index, depth: entry.depth + 1 });
  }

  // Backwards, every descendant is seen before its ancestors.
  let first = Infinity;
  let last = -Infinity;
  for (let index = spans.length - 1; index >= 0; index -= 1) {
    if ((end[index] ?? 0) < index + 1) end[index] = index + 1;
    const up = parent[index] ?? -1;
    if (up !== -1) {
      end[up] = Math.max(end[up] ?? 0, end[index] ?? 0);
      errorsBelow[up] = (errorsBelow[up] ?? 0) + (errorsBelow[index] ?? 0) + ((flags[index] ?? 0) & ERROR);
    }
    first = Math.min(first, startMs[index] ?? 0);
    last = Math.max(last, endMs[index] ?? 0);
  }
  for (let index = 0; index < spans.length; index += 1) {
    startMs[index] = (startMs[index] ?? 0) - first;
    endMs[index] = (endMs[index] ?? 0) - first;
  }
  return { spans, parent, depth, end, startMs, endMs, flags, errorsBelow, totalMs: spans.length === 0 ? 0 : last - first, errorCount, noiseCount, indexOf };
}

/** What is to be seen of a tree. */
export interface TreeView {
  /** 1 = its descendants are folded away. */
  collapsed: Uint8Array;
  hideNoise: boolean;
  /** 1 = shown; `undefined` = everything. See `matchMask`. */
  keep: Uint8Array | undefined;
}

export interface VisibleRows {
  /** Indices into the tree. */
  rows: Int32Array;
  /** Depth as shown: what hangs below hidden noise moves up. */
  depths: Uint16Array;
}

/** The rows on screen, in one pass. */
export function visibleRows(tree: SpanTree, { collapsed, hideNoise, keep }: TreeView): VisibleRows {
  const count = tree.spans.length;
  const rows = new Int32Array(count);
  const depths = new Uint16Array(count);
  const shownDepth = new Uint16Array(count);
  let length = 0;
  let index = 0;
  while (index < count) {
    const up = tree.parent[index] ?? -1;
    const isHidden = hideNoise && ((tree.flags[index] ?? 0) & NOISE) !== 0;
    const upHidden = up !== -1 && hideNoise && ((tree.flags[up] ?? 0) & NOISE) !== 0;
    shownDepth[index] = up === -1 ? 0 : (shownDepth[up] ?? 0) + (upHidden ? 0 : 1);
    if (keep !== undefined && keep[index] === 0) {
      // Nothing below is kept either: an ancestor of a match is kept.
      index = tree.end[index] ?? index + 1;
      continue;
    }
    if (!isHidden) {
      rows[length] = index;
      depths[length] = shownDepth[index] ?? 0;
      length += 1;
    }
    index = collapsed[index] === 1 && !isHidden ? (tree.end[index] ?? index + 1) : index + 1;
  }
  return { rows: rows.subarray(0, length), depths: depths.subarray(0, length) };
}

/** Marks the spans that match and their ancestors. Each ancestor is climbed once. */
export function matchMask(tree: SpanTree, matches: (span: TreeSpan, index: number) => boolean): { keep: Uint8Array; hits: Int32Array } {
  const keep = new Uint8Array(tree.spans.length);
  const hits: number[] = [];
  tree.spans.forEach((span, index) => {
    if (!matches(span, index)) return;
    hits.push(index);
    for (let at = index; at !== -1 && keep[at] === 0; at = tree.parent[at] ?? -1) keep[at] = 1;
  });
  return { keep, hits: Int32Array.from(hits) };
}

/** Unfolds what hides a span. */
export function revealed(tree: SpanTree, collapsed: Uint8Array, index: number): Uint8Array {
  let next: Uint8Array | undefined;
  for (let at = tree.parent[index] ?? -1; at !== -1; at = tree.parent[at] ?? -1) {
    if (collapsed[at] === 0) continue;
    next ??= collapsed.slice();
    next[at] = 0;
  }
  return next ?? collapsed;
}

/** The next failed span after `index`, around the end; -1 when there is none. */
export function nextError(tree: SpanTree, index: number): number {
  const count = tree.spans.length;
  for (let step = 1; step <= count; step += 1) {
    const at = (index + step) % count;
    if (((tree.flags[at] ?? 0) & ERROR) !== 0) return at;
  }
  return -1;
}
