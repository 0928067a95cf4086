import { Link, type LinkProps } from "@tanstack/react-router";
import { clsx } from "clsx";
import type { ReactNode } from "react";
import { Delta, type DeltaProps } from "./Delta.tsx";
import { Skeleton } from "./PanelState.tsx";
import { Sparkline } from "./Sparkline.tsx";

export interface StatTileProps {
  label: string;
  /** Formatted, with its unit. */
  value: string;
  /** Another figure of the same kind, smaller: `p50 0.8 s, p99 4.1 s`. */
  detail?: ReactNode;
  delta?: DeltaProps | undefined;
  sparkline?: readonly (number | null)[] | undefined;
  color?: string | undefined;
  /** What it rests on: `1,204 traces`. */
  n?: string | undefined;
  /** The traces behind it: the whole tile leads there. */
  link?: LinkProps | undefined;
  isPending?: boolean;
  /** Said instead of a value when the question failed. */
  error?: Error | null | undefined;
}

/** The cells of `StatStrip`: one figure, how it moved, its shape, and what it rests on. */
export function StatTile({ label, value, detail, delta, sparkline, color, n, link, isPending = false, error }: StatTileProps) {
  const hasFailed = error !== null && error !== undefined;
  const body = (
    <>
      <span className="flex h-5 items-center justify-between gap-2">
        <span className="truncate text-xs text-ink-3">{label}</span>
        {isPending || hasFailed || delta === undefined ? null : <Delta {...delta} />}
      </span>
      {isPending ? (
        <span className="block h-11 pt-1.5">
          <Skeleton className="h-5 w-20" />
        </span>
      ) : hasFailed ? (
        <span role="alert" className="line-clamp-2 h-11 text-xs text-error" title={error.message}>
          Could not be read: {error.message}
        </span>
      ) : (
        <>
          <span className="num block truncate text-xl leading-7 font-semibold tracking-[-0.02em]">{value}</span>
          <span data-detail className="num block h-4 truncate text-2xs text-ink-2">
            {detail}
          </span>
        </>
      )}
      <span data-shape className="mt-1 block h-6">
        {sparkline === undefined || isPending || hasFailed ? null : <Sparkline values={sparkline} height={24} {...(color === undefined ? {} : { color })} />}
      </span>
      <span className="num mt-0.5 block h-4 truncate text-2xs text-ink-3">{isPending || hasFailed ? "" : n}</span>
    </>
  );
  const look = "-mr-px -mb-px flex min-w-0 flex-col border-r border-b border-line px-4 pt-2.5 pb-2";
  return link === undefined || isPending || hasFailed ? (
    <div role="group" aria-label={label} className={look}>
      {body}
    </div>
  ) : (
    <Link {...link} className={clsx(look, "focus-inset transition-colors hover:bg-hover")}>
      {body}
    </Link>
  );
}

/** A row of tiles, wrapping; lines between them, no boxes around each. `isPlain`: none of them has a sparkline. */
export function StatStrip({ label, isPlain = false, children }: { label: string; isPlain?: boolean; children: ReactNode }) {
  return (
    <section
      aria-label={label}
      className={clsx(
        "grid grid-cols-[repeat(auto-fill,minmax(11.5rem,1fr))] overflow-hidden border-b border-line max-sm:grid-cols-2",
        // Without a shape between them, what a figure rests on stands right below it.
        isPlain && "[&_[data-detail]]:order-last [&_[data-shape]]:hidden",
      )}
    >
      {children}
    </section>
  );
}
