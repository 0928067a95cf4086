const HOUR_NS = 3_600_000_000_000n;

/** Start of the hour in Unix seconds: the `bucket` of the analytics tables. */
export function hourOf(ns: bigint): number {
  return Number(ns / HOUR_NS) * 3600;
}
