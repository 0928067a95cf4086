import { formatUsd } from "../format/number.ts";

export interface CostProps {
  usd: number | null | undefined;
  /** Calls with tokens whose price nobody knows: then the sum is a lower bound, or unknown. */
  unpriced: number;
  hasCalls: boolean;
}

/** Money, honestly: an unknown price reads `unknown`, a partly known sum reads `≥`, and no call at all reads as a dash. */
export function Cost({ usd, unpriced, hasCalls }: CostProps) {
  if (usd === null || usd === undefined) {
    if (!hasCalls && unpriced === 0) return <span className="text-ink-faint">–</span>;
    return unpriced > 0 ? <Unknown title={`${unpriced} calls without a known price`} /> : <span className="text-ink-faint">–</span>;
  }
  // A lower bound that rounds to nothing says nothing.
  if (unpriced > 0 && usd < 0.00001) return <Unknown title={`${unpriced} calls without a known price`} />;
  return (
    <span className="num" title={unpriced > 0 ? `At least: ${unpriced} calls have no known price` : undefined}>
      {unpriced > 0 ? "≥ " : ""}
      {formatUsd(usd)}
    </span>
  );
}

function Unknown({ title }: { title: string }) {
  return (
    <span title={title} className="rounded-sm bg-warn-soft px-1 py-px text-2xs font-medium text-warn">
      unknown
    </span>
  );
}
