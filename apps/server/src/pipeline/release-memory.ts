import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collect: (() => void) | undefined;

/**
 * Gives memory back after a burst: V8 collects when it allocates, so a server that fell silent would keep the heap of its
 * busiest minute. Takes some 100 ms on a large heap: call it when nothing is going on.
 */
export function releaseMemory(): void {
  if (!collect) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
}
