import type { ScorerHealth } from "@telltale/model/api";
import { formatCount } from "../../format/number.ts";
import { progressOf } from "./scoring-progress.ts";

/** How far a backfill, or a queue after a pause, has come. Nothing when there is little to wait for. */
export function ScoringProgress({ health }: { health: ScorerHealth | undefined }) {
  const progress = health === undefined ? undefined : progressOf(health);
  if (progress === undefined) return null;
  const { label, done, total, isGrowing } = progress;
  return (
    <div className="flex items-center gap-3 border-b border-line px-4 py-2 text-xs text-ink-2">
      <span>{label}</span>
      <span
        role="progressbar"
        aria-label={label}
        aria-valuenow={done}
        aria-valuemin={0}
        aria-valuemax={total}
        className="h-1.5 min-w-24 grow overflow-hidden rounded-full bg-pressed"
      >
        <span className="block h-full rounded-full bg-accent" style={{ width: `${(done / Math.max(1, total)) * 100}%` }} />
      </span>
      <span className="num whitespace-nowrap">
        {formatCount(done)} of {formatCount(total)} done{isGrowing ? ", more are being chosen" : ""}
      </span>
    </div>
  );
}
