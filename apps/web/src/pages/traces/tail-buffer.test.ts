import type { TraceSummary } from "@telltale/model/api";
import { expect, test } from "vitest";
import { emptyTail, MAX_TAIL_ROWS, receive, release } from "./tail-buffer.ts";

const trace = (id: string, spans = 1): TraceSummary => ({ trace_id: id, span_count: spans }) as TraceSummary;
const ids = (traces: readonly TraceSummary[]): string => traces.map((entry) => `${entry.trace_id}${entry.span_count}`).join(" ");

test("new traces come on top, newest first", () => {
  const first = receive(emptyTail, [trace("a"), trace("b")], false);
  expect(ids(receive(first, [trace("c")], false).shown)).toBe("c1 b1 a1");
});

test("a trace that grew is updated where it stands", () => {
  const first = receive(emptyTail, [trace("a"), trace("b")], false);
  expect(ids(receive(first, [trace("a", 5)], false).shown)).toBe("b1 a5");
  expect(ids(receive(emptyTail, [trace("a"), trace("a", 2)], false).shown)).toBe("a2");
});

test("while paused the list stands still and the rest is counted", () => {
  const paused = receive(receive(emptyTail, [trace("a")], false), [trace("b"), trace("a", 3)], true);
  expect(ids(paused.shown)).toBe("a3");
  expect(ids(paused.waiting)).toBe("b1");
  expect(ids(release(paused).shown)).toBe("b1 a3");
});

test("a tail left open does not grow without end", () => {
  let state = emptyTail;
  for (let index = 0; index < MAX_TAIL_ROWS + 50; index += 1) state = receive(state, [trace(`t${index}-`)], index % 2 === 0);
  expect(release(state).shown).toHaveLength(MAX_TAIL_ROWS);
});
