import { readFileSync } from "node:fs";
import { join } from "node:path";

const WAIT_MS = 10_000;
const RETRY_MS = 50;

/**
 * Opens the engine's folder. The engine of a server that was killed ends by itself, but may need a moment for it on a busy machine;
 * it is waited for. `status` is the engine's own lock file and names the process that holds it.
 */
export function openWhenFree<Connection>(dir: string, connect: () => Connection): Connection {
  const endMs = performance.now() + WAIT_MS;
  let isLastTry = false;
  for (;;) {
    try {
      return connect();
    } catch (error) {
      if (isLastTry || performance.now() > endMs) throw error;
      isLastTry = !isHeldByAnother(dir); // it may have ended just now
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS); // nothing else runs yet
    }
  }
}

function isHeldByAnother(dir: string): boolean {
  try {
    const pid = Number(/^PID: (\d+)/m.exec(readFileSync(join(dir, "status"), "utf8"))?.[1] ?? 0);
    return pid > 0 && pid !== process.pid && process.kill(pid, 0);
  } catch {
    return false; // no such file, or no such process
  }
}
