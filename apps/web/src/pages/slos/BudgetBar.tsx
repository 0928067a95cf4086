import { clsx } from "clsx";
import { formatBudget } from "./slo-text.ts";

/** What is left of the budget, as a bar and as a number; empty and red when it is overdrawn. */
export function BudgetBar({ remaining, className }: { remaining: number | null; className?: string }) {
  if (remaining === null) return <span className={clsx("text-ink-3", className)}>–</span>;
  const share = Math.max(0, Math.min(1, remaining));
  return (
    <span className={clsx("flex items-center gap-2.5", className)}>
      <span aria-hidden className={clsx("relative h-1.5 min-w-16 grow overflow-hidden rounded-full", remaining <= 0 ? "bg-error-soft" : "bg-pressed")}>
        <span className={clsx("absolute inset-y-0 left-0 rounded-full", share < 0.25 ? "bg-warn" : "bg-ok")} style={{ width: `${share * 100}%` }} />
      </span>
      <span className={clsx("num w-12 shrink-0 text-right", remaining <= 0 && "text-error")}>{formatBudget(remaining)}</span>
    </span>
  );
}
