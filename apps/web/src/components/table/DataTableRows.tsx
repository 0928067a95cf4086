import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useState, type ReactNode, type RefObject } from "react";

export interface DataTableRowsProps {
  /** Only what is on screen is rendered. */
  isVirtual: boolean;
  count: number;
  rowHeight: number;
  scroll: RefObject<HTMLDivElement | null>;
  /** The last rows came near the screen. */
  onNearEnd: (() => void) | undefined;
  children: (index: number, top: number) => ReactNode;
}

/** The rows of a table, each at its place. */
export function DataTableRows(props: DataTableRowsProps) {
  const { isVirtual, count, rowHeight, children } = props;
  return (
    <div role="rowgroup" className="relative min-w-full" style={{ height: count * rowHeight, width: "max-content" }}>
      {/* One row in the flow gives the group its width; the others are placed over it. */}
      <div aria-hidden className="grid h-0 grid-cols-(--columns) overflow-hidden" />
      {isVirtual ? <VirtualRows {...props} /> : Array.from({ length: count }, (_, index) => children(index, index * rowHeight))}
    </div>
  );
}

function VirtualRows({ count, rowHeight, scroll, onNearEnd, children }: DataTableRowsProps) {
  const virtualizer = useVirtualizer({ count, getScrollElement: () => scroll.current, estimateSize: () => rowHeight, overscan: 12 });
  // Effects of a child run before the parent's ref is set: a table that is mounted with its rows has no place to measure until the next drawing.
  const [, drawAgain] = useState(false);
  useEffect(() => drawAgain(true), []);
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= count - 20) onNearEnd?.();
  }, [last, count, onNearEnd]);
  return items.map(({ index, start }) => children(index, start));
}
