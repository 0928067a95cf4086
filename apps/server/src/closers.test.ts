import { expect, test } from "vitest";
import { Closers } from "./closers.ts";

test("closes in the opposite order, once, and past a failure", async () => {
  const closed: string[] = [];
  const closers = new Closers();
  closers.add("lock", () => void closed.push("lock"));
  closers.add("engine", () => Promise.reject(new Error("stuck")));
  closers.add("http", async () => void closed.push("http"));
  const failed: string[] = [];
  await closers.closeAll((name) => failed.push(name));
  await closers.closeAll((name) => failed.push(name));
  expect([closed, failed]).toEqual([["http", "lock"], ["engine"]]);
});
