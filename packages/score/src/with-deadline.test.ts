import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { withDeadline } from "./with-deadline.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Never ends by itself. */
const hang = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });

test("what hangs is ended after its time, also when memory is collected meanwhile", async () => {
  const collecting = setInterval(collectGarbage, 20);
  try {
    await expect(withDeadline(new AbortController().signal, 200, hang)).rejects.toMatchObject({ name: "TimeoutError" });
  } finally {
    clearInterval(collecting);
  }
}, 5_000);

test("it ends with whoever asked for it, before and meanwhile, for their reason", async () => {
  const asker = new AbortController();
  const hanging = withDeadline(asker.signal, 60_000, hang);
  const reason = new Error("the server stops");
  asker.abort(reason);
  await expect(hanging).rejects.toBe(reason);
  await expect(withDeadline(asker.signal, 60_000, hang)).rejects.toBe(reason);
});

test("what ends in time is passed on", async () => {
  expect(await withDeadline(new AbortController().signal, 60_000, async () => 42)).toBe(42);
  await expect(withDeadline(new AbortController().signal, 60_000, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
});
