/** What a request lost and why: `count` items over all `reasons` (reason → items). */
export interface Rejected {
  count: number;
  reasons: Map<string, number>;
}

export function noRejected(): Rejected {
  return { count: 0, reasons: new Map() };
}

export function reject(rejected: Rejected, reason: string): void {
  rejected.count += 1;
  rejected.reasons.set(reason, (rejected.reasons.get(reason) ?? 0) + 1);
}

/** One sentence for a partial success, the most frequent reasons first; `""` when nothing was rejected. */
export function rejectedMessage(rejected: Rejected): string {
  if (rejected.count === 0) return "";
  const reasons = [...rejected.reasons].toSorted((a, b) => b[1] - a[1]);
  const shown = reasons.slice(0, 5).map(([reason, count]) => `${count} × ${reason}`);
  return shown.join("; ") + (reasons.length > 5 ? `; and ${reasons.length - 5} other reasons` : "");
}
