/**
 * Runs `work` with a signal that aborts when `signal` does, or after `ms` with a `TimeoutError`. Timer and listener are held here: of
 * `AbortSignal.any([…, AbortSignal.timeout(ms)])` Node 20 collects the timeout as garbage, and then it never comes.
 */
export async function withDeadline<T>(signal: AbortSignal, ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => controller.abort(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const timer = setTimeout(() => controller.abort(new DOMException(`It took longer than ${ms / 1000} s`, "TimeoutError")), ms);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
