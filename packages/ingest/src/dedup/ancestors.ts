import type { SpanKind } from "@telltale/model";
import { hasTokens, isBillable, sameTokens, type SettleSpan } from "./settle-span.ts";

/** Marks `loser` as another report of the call that `winner` counts. */
export type MarkDuplicate = (loser: SettleSpan, winner: SettleSpan) => void;

/** A model call inside one of these is a call of its own, not the same call reported by a lower layer. */
const ownWork = new Set<SpanKind>(["TOOL", "AGENT", "WORKFLOW"]);

interface Above {
  /** Nearest model call above, of the same kind. */
  llm: number;
  embedding: number;
  /** Whether own work (a tool) lies between. */
  llmApart: boolean;
  embeddingApart: boolean;
}

const NONE = -1;
const top: Above = { llm: NONE, embedding: NONE, llmApart: false, embeddingApart: false };

/**
 * Ancestor rule (protocol notes §5.1): of model calls on one chain of ancestors the deepest with usage counts; on equal
 * usage the one that holds the messages; one without usage never displaces one with. Linear in the spans.
 */
export function settleAncestors(spans: readonly SettleSpan[], mark: MarkDuplicate): void {
  const above = callsAbove(spans);
  const calls = callTree(spans, above);
  // Children before parents: `order` lists parents first.
  for (let at = calls.order.length - 1; at >= 0; at -= 1) {
    const index = calls.order[at];
    const span = index === undefined ? undefined : spans[index];
    if (index === undefined || span === undefined) continue;
    const standing = settleCall(span, calls.inside.get(index) ?? [], calls.apart.get(index) ?? [], mark);
    const parent = above[index];
    if (parent === undefined) continue;
    const isEmbedding = span.kind === "EMBEDDING";
    const parentCall = isEmbedding ? parent.embedding : parent.llm;
    if (parentCall === NONE) continue;
    append((isEmbedding ? parent.embeddingApart : parent.llmApart) ? calls.apart : calls.inside, parentCall, standing);
  }
}

/** Decides one call, given the calls below it that still stand. Returns those that stand now: itself or them. */
function settleCall(span: SettleSpan, inside: SettleSpan[], apart: SettleSpan[], mark: MarkDuplicate): SettleSpan[] {
  const reporting = inside.filter(hasTokens);
  const first = reporting[0] ?? inside[0];
  if (first === undefined) return settleApart(span, apart, mark);
  const onlyOne = reporting.length === 1 || (reporting.length === 0 && inside.length === 1);
  const richer = onlyOne && sameTokens(span, first) && span.hasMessages && !first.hasMessages;
  if (richer || (hasTokens(span) && reporting.length === 0)) {
    for (const lower of inside) mark(lower, span);
    return [span];
  }
  mark(span, first);
  if (!hasTokens(span)) return inside;
  for (const lower of inside) if (!hasTokens(lower)) mark(lower, first);
  return reporting;
}

/** Calls made by a tool under this call stand beside it, unless this "call" is exactly their sum: then it wraps them. */
function settleApart(span: SettleSpan, apart: SettleSpan[], mark: MarkDuplicate): SettleSpan[] {
  const reporting = apart.filter(hasTokens);
  const first = reporting[0];
  if (first === undefined || !hasTokens(span)) return [span];
  const input = reporting.reduce((sum, call) => sum + (call.inputTokens ?? 0), 0);
  const output = reporting.reduce((sum, call) => sum + (call.outputTokens ?? 0), 0);
  if (input !== (span.inputTokens ?? 0) || output !== (span.outputTokens ?? 0)) return [span];
  mark(span, first);
  return reporting;
}

interface CallTree {
  /** Indexes of model calls, every one after the calls above it. */
  order: number[];
  inside: Map<number, SettleSpan[]>;
  apart: Map<number, SettleSpan[]>;
}

function callTree(spans: readonly SettleSpan[], above: readonly (Above | undefined)[]): CallTree {
  const depth = new Map<number, number>();
  const depthOf = (index: number): number => {
    const path: number[] = [];
    let at = index;
    while (at !== NONE && !depth.has(at)) {
      path.push(at);
      at = parentCall(spans, above, at);
    }
    let known = at === NONE ? -1 : (depth.get(at) ?? -1);
    for (const step of path.toReversed()) depth.set(step, (known += 1));
    return depth.get(index) ?? 0;
  };
  const order = spans.flatMap((span, index) => (isBillable(span) ? [index] : []));
  for (const index of order) depthOf(index);
  order.sort((a, b) => (depth.get(a) ?? 0) - (depth.get(b) ?? 0));
  return { order, inside: new Map(), apart: new Map() };
}

function parentCall(spans: readonly SettleSpan[], above: readonly (Above | undefined)[], index: number): number {
  const parent = above[index];
  if (parent === undefined) return NONE;
  return spans[index]?.kind === "EMBEDDING" ? parent.embedding : parent.llm;
}

/** For every span the nearest model calls above it. Parents may be missing, late, or (in bad data) form a cycle. */
function callsAbove(spans: readonly SettleSpan[]): (Above | undefined)[] {
  const byId = new Map<string, number>();
  for (const [index, span] of spans.entries()) byId.set(span.spanId, index);
  const above: (Above | undefined)[] = Array.from({ length: spans.length });
  const open = new Set<number>();
  for (let start = 0; start < spans.length; start += 1) {
    const path: number[] = [];
    let at = start;
    while (above[at] === undefined && !open.has(at)) {
      open.add(at);
      path.push(at);
      const parent = byId.get(spans[at]?.parentSpanId ?? "");
      if (parent === undefined) break;
      at = parent;
    }
    for (const step of path.toReversed()) {
      const parent = byId.get(spans[step]?.parentSpanId ?? "");
      const over = parent === undefined ? undefined : above[parent];
      // A parent that is not known by now is its own descendant: the cycle is cut here.
      above[step] = parent === undefined || over === undefined ? top : below(spans[parent], parent, over);
      open.delete(step);
    }
  }
  return above;
}

function below(parent: SettleSpan | undefined, index: number, above: Above): Above {
  if (parent === undefined) return above;
  if (isBillable(parent)) {
    return parent.kind === "LLM" ? { ...above, llm: index, llmApart: false } : { ...above, embedding: index, embeddingApart: false };
  }
  if (!ownWork.has(parent.kind) || (above.llm === NONE && above.embedding === NONE)) return above;
  return { ...above, llmApart: true, embeddingApart: true };
}

function append(lists: Map<number, SettleSpan[]>, index: number, spans: SettleSpan[]): void {
  const list = lists.get(index);
  if (list === undefined) {
    lists.set(index, spans);
    return;
  }
  // Small into large, so that a long chain of wrappers stays n log n.
  const [large, small] = list.length >= spans.length ? [list, spans] : [spans, list];
  for (const span of small) large.push(span);
  lists.set(index, large);
}
