import { expect, test } from "vitest";
import { DrainQueue, type QueueItem } from "./queue.ts";

const item = (spans: number, bytes: number): QueueItem<string> => ({
  end: { segment: 1, offset: 0 },
  bytes,
  decoded: "",
  traceIds: new Set(),
  alone: false,
  spans,
  atMs: 0,
});

test("is crowded as soon as the next block is full, by spans or by bytes, until it is taken", () => {
  const queue = new DrainQueue<string>(1000, 100);
  for (const one of [item(60, 10), item(39, 10)]) queue.push(one);
  expect(queue.isCrowded).toBe(false);
  queue.push(item(1, 10));
  expect(queue.isCrowded).toBe(true);
  queue.shift();
  expect(queue.isCrowded).toBe(false);
  queue.push(item(1, 500));
  expect(queue.isCrowded).toBe(true);
});

test("keeps only the position of what memory has no room for, but always the next one's content", () => {
  const queue = new DrainQueue<string>(1000, 100);
  for (const one of [item(1, 5000), item(1, 10)]) queue.push(one);
  expect(queue.shift()?.decoded).toBe("");
  expect(queue.shift()?.decoded).toBeUndefined();
});

test("of a record whose traces it does not know every trace is pending, until it is stored", () => {
  const queue = new DrainQueue<string>(1000, 100);
  queue.push({ ...item(1, 10), traceIds: new Set(["a"]) });
  expect([queue.isPending("a"), queue.isPending("b")]).toEqual([true, false]);
  queue.push({ ...item(1, 10), decoded: undefined, traceIds: undefined });
  expect(queue.isPending("b")).toBe(true);
  const taken = [queue.shift(), queue.shift()].filter((one) => one !== undefined);
  queue.finish(taken);
  expect([queue.isPending("a"), queue.isPending("b")]).toEqual([false, false]);
});
