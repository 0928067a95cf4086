import { clsx } from "clsx";
import { CircleAlert, RotateCw, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./Button.tsx";

/** Nothing here, and what to do about it. */
export function EmptyState({
  icon,
  title,
  children,
  action,
  className,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}) {
  return (
    <div className={clsx("mx-auto flex max-w-sm flex-col items-center gap-1.5 px-6 py-10 text-center", className)}>
      {icon === undefined ? null : <div className="mb-1 text-ink-faint [&_svg]:size-7">{icon}</div>}
      <p className="font-medium text-ink">{title}</p>
      {children === undefined ? null : <div className="text-pretty text-ink-3">{children}</div>}
      {action === undefined ? null : <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

/** It failed: what happened, and a way to try again. */
export function FailedState({ title, error, onRetry, className }: { title: string; error: unknown; onRetry?: () => void; className?: string }) {
  return (
    <div role="alert" className={clsx("mx-auto flex max-w-md flex-col items-center gap-1.5 px-6 py-10 text-center", className)}>
      <CircleAlert className="mb-1 size-7 text-error" aria-hidden />
      <p className="font-medium text-ink">{title}</p>
      <p className="text-pretty break-words text-ink-3">{error instanceof Error ? error.message : String(error)}</p>
      {onRetry === undefined ? null : (
        <Button size="sm" className="mt-2" onClick={onRetry}>
          <RotateCw /> Try again
        </Button>
      )}
    </div>
  );
}

/** What is shown rests on a part of the data. */
export function PartialNote({ children }: { children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1 rounded-sm bg-warn-soft px-1.5 py-0.5 text-xs text-warn">
      <TriangleAlert className="size-3.5 shrink-0" aria-hidden />
      {children}
    </span>
  );
}

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={clsx("skeleton", className)} />;
}
