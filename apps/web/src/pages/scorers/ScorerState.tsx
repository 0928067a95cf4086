import type { ScorerOut } from "@telltale/model/api";
import { clsx } from "clsx";
import { CirclePause, CirclePlay, CircleStop, OctagonX, type LucideIcon } from "lucide-react";
import { stateNames, stateReason } from "./scorer-text.ts";

const looks: Record<ScorerOut["state"], readonly [LucideIcon, string]> = {
  running: [CirclePlay, "text-ok"],
  stopped: [CircleStop, "text-ink-3"],
  paused: [CirclePause, "text-warn"],
  cannot_run: [OctagonX, "text-error"],
};

/** Whether a scorer runs, with its own icon: colour alone says nothing. */
export function ScorerState({ scorer, className }: { scorer: Pick<ScorerOut, "state" | "reason">; className?: string }) {
  const [Icon, look] = looks[scorer.state];
  return (
    <span
      title={scorer.reason === null ? undefined : stateReason(scorer.reason)}
      className={clsx("inline-flex items-center gap-1.5 whitespace-nowrap", look, className)}
    >
      <Icon className="size-3.5 shrink-0" aria-hidden />
      {stateNames[scorer.state]}
    </span>
  );
}
