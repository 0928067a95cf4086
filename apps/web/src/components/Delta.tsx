import { clsx } from "clsx";
import { ArrowDownRight, ArrowRight, ArrowUpRight } from "lucide-react";
import { formatChange } from "../format/metric.ts";

export interface DeltaProps {
  /** Relative: 0.12 is 12 % more than before. Undefined when there is nothing to compare with. */
  change: number | undefined;
  /** Which direction is good news; `neutral` for what is neither, like traffic. */
  goodWhen?: "up" | "down" | "neutral";
  /** What the figure was, for the title. */
  before?: string | undefined;
}

/** Less than this is noise, and shown without colour. */
const NOTABLE = 0.05;

/** How a figure moved since the period before: an arrow, the size, and green or red only when it matters. */
export function Delta({ change, goodWhen = "neutral", before }: DeltaProps) {
  if (change === undefined) return null;
  const isNotable = Math.abs(change) >= NOTABLE && goodWhen !== "neutral";
  const isGood = change > 0 === (goodWhen === "up");
  const Arrow = Math.abs(change) < 0.0005 ? ArrowRight : change > 0 ? ArrowUpRight : ArrowDownRight;
  return (
    <span
      title={before === undefined ? "Against the period before" : `Period before: ${before}`}
      className={clsx("num inline-flex shrink-0 items-center text-xs", isNotable ? (isGood ? "text-ok" : "text-error") : "text-ink-3")}
    >
      <Arrow className="size-3.5" aria-hidden />
      {formatChange(change)}
      {isNotable ? <span className="sr-only">{isGood ? ", better" : ", worse"}</span> : null}
    </span>
  );
}
