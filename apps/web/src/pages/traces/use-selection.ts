import type { TraceSummary } from "@telltale/model/api";
import { useCallback, useEffect, useRef, useState } from "react";

export interface Selection {
  selected: ReadonlySet<string>;
  /** `extend` = with shift: everything between the last one and this one. */
  toggle: (id: string, extend: boolean) => void;
  toggleAll: () => void;
  clear: () => void;
}

/** Which rows are ticked. Reads the list through a ref, so that its callbacks never change and rows stay memoised. */
export function useSelection(traces: readonly TraceSummary[]): Selection {
  const [selected, setSelected] = useState<ReadonlySet<string>>(() => new Set());
  const list = useRef(traces);
  useEffect(() => {
    list.current = traces;
  });
  const anchor = useRef<string | undefined>(undefined);
  const toggle = useCallback((id: string, extend: boolean) => {
    setSelected((before) => {
      const next = new Set(before);
      const ids = list.current.map((trace) => trace.trace_id);
      const from = extend && anchor.current !== undefined ? ids.indexOf(anchor.current) : -1;
      const at = ids.indexOf(id);
      if (from >= 0) for (const each of ids.slice(Math.min(from, at), Math.max(from, at) + 1)) next.add(each);
      else if (!next.delete(id)) next.add(id);
      return next;
    });
    anchor.current = id;
  }, []);
  const toggleAll = useCallback(() => {
    setSelected((before) => (list.current.every((trace) => before.has(trace.trace_id)) ? new Set() : new Set(list.current.map((trace) => trace.trace_id))));
  }, []);
  const clear = useCallback(() => setSelected((before) => (before.size === 0 ? before : new Set())), []);
  return { selected, toggle, toggleAll, clear };
}
