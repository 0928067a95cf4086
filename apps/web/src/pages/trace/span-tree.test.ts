import fc from "fast-check";
import { expect, test } from "vitest";
import { buildSpanTree, matchMask, nextError, NOISE, ORPHAN, revealed, visibleRows, type SpanTree, type TreeSpan } from "./span-tree.ts";

const span = (id: string, parent: string | null, startMs = 0, more: Partial<TreeSpan> = {}): TreeSpan => ({
  span_id: id,
  parent_span_id: parent,
  name: id,
  kind: "CHAIN",
  start_ms: startMs,
  start_time: "2026-01-01T00:00:00.000Z",
  duration_ms: 10,
  ...more,
});
const names = (tree: SpanTree, rows: Int32Array): string => [...rows].map((row) => tree.spans[row]?.name).join(" ");
const open = (tree: SpanTree) => ({ collapsed: new Uint8Array(tree.spans.length), hideNoise: false, keep: undefined });

test("children follow their parent, in start order", () => {
  const tree = buildSpanTree([span("late", "root", 5), span("root", null, 0), span("early", "root", 1), span("inner", "early", 2)]);
  expect(tree.spans.map((entry) => entry.name)).toEqual(["root", "early", "inner", "late"]);
  expect([...tree.depth]).toEqual([0, 1, 2, 1]);
  expect([...tree.end]).toEqual([4, 3, 3, 4]);
  expect([...tree.startMs]).toEqual([0, 1, 2, 5]);
  expect(tree.totalMs).toBe(15);
});

test("a span whose parent never came is a root, and says so", () => {
  const tree = buildSpanTree([span("a", null), span("b", "missing", 1)]);
  expect([...tree.parent]).toEqual([-1, -1]);
  expect((tree.flags[1] ?? 0) & ORPHAN).toBe(ORPHAN);
});

test("parents in a circle lose nothing and end", () => {
  const tree = buildSpanTree([span("a", "b"), span("b", "c", 1), span("c", "a", 2), span("self", "self", 3), span("root", null, 4)]);
  expect(tree.spans.map((entry) => entry.name).toSorted()).toEqual(["a", "b", "c", "root", "self"]);
});

test("folding hides what is below, and only that", () => {
  const tree = buildSpanTree([span("root", null), span("a", "root", 1), span("a1", "a", 2), span("b", "root", 3)]);
  const collapsed = new Uint8Array(4);
  collapsed[1] = 1;
  expect(names(tree, visibleRows(tree, { ...open(tree), collapsed }).rows)).toBe("root a b");
  expect([...revealed(tree, collapsed, 2)]).toEqual([0, 0, 0, 0]);
  expect(revealed(tree, collapsed, 3)).toBe(collapsed);
});

test("what hangs below hidden noise moves up", () => {
  const tree = buildSpanTree([span("root", null), span("loop", "root", 1, { noise: true }), span("call", "loop", 2)]);
  const shown = visibleRows(tree, { ...open(tree), hideNoise: true });
  expect(names(tree, shown.rows)).toBe("root call");
  expect([...shown.depths]).toEqual([0, 1]);
  expect((tree.flags[1] ?? 0) & NOISE).toBe(NOISE);
});

test("a search keeps the way down to each hit", () => {
  const tree = buildSpanTree([span("root", null), span("a", "root", 1), span("hit", "a", 2), span("b", "root", 3)]);
  const { keep, hits } = matchMask(tree, (entry) => entry.name === "hit");
  expect(names(tree, visibleRows(tree, { ...open(tree), keep }).rows)).toBe("root a hit");
  expect([...hits]).toEqual([2]);
});

test("errors are counted upwards and visited in turn", () => {
  const tree = buildSpanTree([span("root", null), span("a", "root", 1, { status: "error" }), span("b", "a", 2, { status: "error" }), span("c", "root", 3)]);
  expect([...tree.errorsBelow]).toEqual([2, 1, 0, 0]);
  expect([nextError(tree, 0), nextError(tree, 1), nextError(tree, 2)]).toEqual([1, 2, 1]);
  expect(nextError(buildSpanTree([span("x", null)]), 0)).toBe(-1);
});

test("any set of parents gives each span exactly once, with sound subtrees", () => {
  const shape = fc.array(fc.record({ parent: fc.option(fc.nat(30)), start: fc.nat(50) }), { maxLength: 31 });
  fc.assert(
    fc.property(shape, (facts) => {
      const tree = buildSpanTree(facts.map((fact, index) => span(`s${index}`, fact.parent === null ? null : `s${fact.parent}`, fact.start)));
      expect(new Set(tree.spans.map((entry) => entry.span_id)).size).toBe(facts.length);
      for (let index = 0; index < tree.spans.length; index += 1) {
        const up = tree.parent[index] ?? -1;
        if (up !== -1) {
          expect(up).toBeLessThan(index);
          expect(index).toBeLessThan(tree.end[up] ?? 0);
          expect(tree.depth[index]).toBe((tree.depth[up] ?? 0) + 1);
        }
      }
      expect(visibleRows(tree, open(tree)).rows).toHaveLength(facts.length);
    }),
  );
});

test("50,000 spans in one chain neither overflow nor take long", () => {
  const chain = Array.from({ length: 50_000 }, (_, index) => span(`s${index}`, index === 0 ? null : `s${index - 1}`, index));
  const started = performance.now();
  const tree = buildSpanTree(chain);
  visibleRows(tree, open(tree));
  expect(tree.depth[49_999]).toBe(49_999);
  expect(performance.now() - started).toBeLessThan(1_500);
});
