import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** So little is not worth a pause. */
const WORTH_BYTES = 8 << 20;

let collect: (() => void) | undefined;
let keptBytes = 0;

/**
 * Gives memory back after a burst: V8 collects when it allocates, so a server that fell silent would keep the heap of its
 * busiest minute, and one that has just started what reading its code and its stores left. Takes some 100 ms on a large heap:
 * call it when nothing is going on. Does nothing where the heap has hardly grown since the last time.
 */
export function releaseMemory(): void {
  if (getHeapStatistics().total_heap_size < keptBytes + WORTH_BYTES) return;
  if (!collect) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
  keptBytes = getHeapStatistics().total_heap_size;
}
