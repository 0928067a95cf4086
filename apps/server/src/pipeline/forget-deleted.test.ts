import { expect, test, vi } from "vitest";
import { forgetDeleted } from "./forget-deleted.ts";

test("is told again when the other database is away, and gives up with a word in the log, not with an error", async () => {
  const log = vi.fn();
  const once = vi.fn().mockRejectedValueOnce(new Error("away")).mockResolvedValue(undefined);
  await forgetDeleted(once, log)("0", ["a"]);
  expect([once.mock.calls.length, log.mock.calls.length]).toEqual([2, 0]);
  const never = vi.fn().mockRejectedValue(new Error("away"));
  await forgetDeleted(never, log)("0", ["a"]);
  expect([never.mock.calls.length, log.mock.calls.length]).toEqual([4, 1]);
}, 10_000);
