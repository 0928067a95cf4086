export interface Ranks {
  /** 1-based rank of every value, in the order given; tied values share their average rank. */
  ranks: Float64Array;
  /** Sizes of the groups of equal values, those of size 1 left out. */
  ties: number[];
}

/** Average ranks in O(n log n). */
export function rank(values: readonly number[]): Ranks {
  const order = Uint32Array.from(values, (_, index) => index).toSorted((i, j) => (values[i] ?? 0) - (values[j] ?? 0));
  const ranks = new Float64Array(values.length);
  const ties: number[] = [];
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end += 1;
    for (let at = start; at < end; at += 1) ranks[order[at] ?? 0] = (start + end + 1) / 2;
    if (end - start > 1) ties.push(end - start);
    start = end;
  }
  return { ranks, ties };
}
