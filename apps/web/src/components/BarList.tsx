import type { LinkProps } from "@tanstack/react-router";
import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import type { ReactNode } from "react";
import { formatShare } from "../format/metric.ts";
import { Delta, type DeltaProps } from "./Delta.tsx";

export interface BarListItem {
  key: string;
  label: ReactNode;
  /** Bars are as long as this; null (unknown) has none. */
  value: number | null;
  /** Of the whole, when that is known. */
  share?: number | undefined;
  delta?: DeltaProps | undefined;
  /** After the value, smaller: `n 240`. */
  note?: string | undefined;
  link?: LinkProps | undefined;
  color?: string | undefined;
  /** All groups that are not listed by name, or a value that was not sent: less prominent. */
  isQuiet?: boolean | undefined;
}

export interface BarListProps {
  label: string;
  items: readonly BarListItem[];
  format: (value: number) => string;
}

/** The largest groups, each with a bar behind it; a row leads to its traces. */
export function BarList({ label, items, format }: BarListProps) {
  const max = items.reduce((high, { value }) => Math.max(high, value ?? 0), 0);
  return (
    <ul aria-label={label} className="flex flex-col px-2 pb-2">
      {items.map((item) => (
        <li key={item.key}>
          <Row item={item} width={max === 0 ? 0 : ((item.value ?? 0) / max) * 100} value={item.value === null ? "unknown" : format(item.value)} />
        </li>
      ))}
    </ul>
  );
}

function Row({ item, width, value }: { item: BarListItem; width: number; value: string }) {
  const { label, share, delta, note, link, color, isQuiet } = item;
  const look = "relative flex h-[30px] items-center gap-3 overflow-hidden rounded-md px-2";
  const body = (
    <>
      <span
        aria-hidden
        className="absolute inset-y-0.5 left-0 rounded-sm opacity-[0.16]"
        style={{ width: `${width}%`, background: `var(--${color ?? "chart-1"})` }}
      />
      <span className={clsx("relative min-w-0 grow truncate", isQuiet === true && "text-ink-3")}>{label}</span>
      {delta === undefined ? null : (
        <span className="relative">
          <Delta {...delta} />
        </span>
      )}
      {note === undefined ? null : <span className="num relative shrink-0 text-xs text-ink-3 max-sm:hidden">{note}</span>}
      {share === undefined ? null : <span className="num relative w-11 shrink-0 text-right text-xs text-ink-3">{formatShare(share)}</span>}
      <span className="num relative min-w-14 shrink-0 text-right font-medium">{value}</span>
    </>
  );
  return link === undefined ? (
    <div className={look}>{body}</div>
  ) : (
    <Link {...link} className={clsx(look, "focus-inset hover:bg-hover")}>
      {body}
    </Link>
  );
}
