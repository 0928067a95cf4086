import type { SloStatusOut } from "@telltale/model/api";
import { clsx } from "clsx";
import { CircleCheck, CircleDashed, Flame, OctagonX, TrendingDown, type LucideIcon } from "lucide-react";
import { stateNames } from "./slo-text.ts";

const looks: Record<SloStatusOut["state"], readonly [LucideIcon, string]> = {
  healthy: [CircleCheck, "text-ok"],
  burning_slow: [TrendingDown, "text-warn"],
  burning_fast: [Flame, "text-error"],
  exhausted: [OctagonX, "text-error"],
  no_data: [CircleDashed, "text-ink-3"],
};

/** How an objective stands, with its own icon: colour alone says nothing. */
export function SloState({ state, className }: { state: SloStatusOut["state"]; className?: string }) {
  const [Icon, look] = looks[state];
  return (
    <span className={clsx("inline-flex items-center gap-1.5 text-sm whitespace-nowrap", look, className)}>
      <Icon className="size-3.5 shrink-0" aria-hidden />
      {stateNames[state]}
    </span>
  );
}
