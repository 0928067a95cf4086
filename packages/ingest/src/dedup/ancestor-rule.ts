import { type Settled, type SettleSpan, hasUsage, isCall } from "./settle-span.ts";

interface CallNode {
  span: SettleSpan;
  children: CallNode[];
}

/**
 * Ancestor rule (otel-genai §5.1): calls of one kind on one ancestor chain are one call, reported by several layers. The
 * deepest with usage counts; with equal usage the one that holds the messages. A layer without usage never displaces.
 * A TOOL or AGENT in between ends the chain: what runs inside a tool is another call.
 */
export function applyAncestorRule(spans: ReadonlyMap<string, SettleSpan>, settled: Map<string, Settled>): void {
  for (const root of callForest(spans)) if (root.children.length > 0) settleTree(root, settled);
}

function callForest(spans: ReadonlyMap<string, SettleSpan>): CallNode[] {
  const nodes = new Map<string, CallNode>();
  for (const span of spans.values()) if (isCall(span)) nodes.set(span.spanId, { span, children: [] });
  const nearest = nearestCallFinder(spans);
  const roots: CallNode[] = [];
  for (const node of nodes.values()) {
    const above = nearest(node.span);
    const parent = above === undefined ? undefined : nodes.get(above);
    if (parent && parent.span.kind === node.span.kind) parent.children.push(node);
    else roots.push(node);
  }
  return roots;
}

/** Nearest call above a span, memoised along the way so that deep chains stay linear; cycles end. */
function nearestCallFinder(spans: ReadonlyMap<string, SettleSpan>): (span: SettleSpan) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (span) => {
    const path: string[] = [];
    const visited = new Set<string>();
    let found: string | undefined;
    for (let id = span.parentSpanId; id !== "" && !visited.has(id); ) {
      if (known.has(id)) {
        found = known.get(id);
        break;
      }
      const parent = spans.get(id);
      if (!parent || parent.kind === "TOOL" || parent.kind === "AGENT") break;
      if (isCall(parent)) {
        found = id;
        break;
      }
      visited.add(id);
      path.push(id);
      id = parent.parentSpanId;
    }
    for (const id of path) known.set(id, found);
    return found;
  };
}

/** Post-order without recursion: a chain may be as deep as a trace is long. */
function settleTree(root: CallNode, settled: Map<string, Settled>): void {
  const order: CallNode[] = [];
  const stack = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    order.push(node);
    stack.push(...node.children);
  }
  /** Calls with usage that count below (and including) each node. */
  const withUsage = new Map<CallNode, CallNode[]>();
  for (const node of order.toReversed()) {
    const below = node.children.flatMap((child) => withUsage.get(child) ?? []);
    withUsage.set(node, settleNode(node, below, settled));
  }
}

function settleNode(node: CallNode, below: CallNode[], settled: Map<string, Settled>): CallNode[] {
  const { span } = node;
  const own = hasUsage(span);
  if (below.length === 0) {
    for (const child of descendants(node)) settled.set(child.span.spanId, { counted: false, duplicateOf: span.spanId });
    return own ? [node] : [];
  }
  const only = below.length === 1 ? below[0] : undefined;
  const same = own && only && only.span.inputTokens === span.inputTokens && only.span.outputTokens === span.outputTokens;
  if (same && span.hasMessages && !only.span.hasMessages) {
    for (const child of descendants(node)) settled.set(child.span.spanId, { counted: false, duplicateOf: span.spanId });
    return [node];
  }
  settled.set(span.spanId, { counted: false, duplicateOf: below[0]?.span.spanId ?? "" });
  return below;
}

function descendants(node: CallNode): CallNode[] {
  const all: CallNode[] = [];
  const stack = [...node.children];
  for (let next = stack.pop(); next; next = stack.pop()) {
    all.push(next);
    stack.push(...next.children);
  }
  return all;
}
