import type { ScorerHealth } from "@telltale/model/api";
import { formatCount } from "../../format/number.ts";

/** Fewer than this pass by while one looks: live traffic always has a few under way. */
const WORTH_SHOWING = 20;

/** How far a backfill, or a queue after a pause, has come. Nothing when there is little to wait for. */
export function ScoringProgress({ health }: { health: ScorerHealth | undefined }) {
  const open = health === undefined ? 0 : health.waiting + health.running;
  if (health === undefined || open < WORTH_SHOWING) return null;
  const done = Math.max(0, health.sampled - open);
  return (
    <div className="flex items-center gap-3 border-b border-line px-4 py-2 text-xs text-ink-2">
      <span
        role="progressbar"
        aria-label="Scoring"
        aria-valuenow={done}
        aria-valuemin={0}
        aria-valuemax={health.sampled}
        className="h-1.5 min-w-24 grow overflow-hidden rounded-full bg-pressed"
      >
        <span className="block h-full rounded-full bg-accent" style={{ width: `${(done / Math.max(1, health.sampled)) * 100}%` }} />
      </span>
      <span className="num whitespace-nowrap">
        {formatCount(done)} of {formatCount(health.sampled)} done
      </span>
    </div>
  );
}
