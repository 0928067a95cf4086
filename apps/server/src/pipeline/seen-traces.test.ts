import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { SeenTraces } from "./seen-traces.ts";

test("never forgets a trace, and rarely takes a new one for known", () => {
  const seen = new SeenTraces(20_000);
  seen.loaded = true;
  const ids = Array.from({ length: 20_000 }, () => randomBytes(16).toString("hex"));
  for (const id of ids) seen.add(id);
  expect(ids.every((id) => seen.mayContain(id))).toBe(true);
  const falsely = Array.from({ length: 20_000 }, () => randomBytes(16).toString("hex")).filter((id) => seen.mayContain(id)).length;
  expect(falsely).toBeLessThan(400);
});

test("custom ids work like any other", () => {
  const seen = new SeenTraces(1000);
  seen.loaded = true;
  seen.add("custom-id");
  expect(seen.mayContain("custom-id")).toBe(true);
  expect(seen.mayContain("another-id")).toBe(false);
});

test("until what is stored is loaded, everything may be known", () => {
  expect(new SeenTraces(1000).mayContain("0".repeat(32))).toBe(true);
});
