import type { TraceSummary } from "@telltale/model/api";
import { useCallback, useEffect, useRef, useState } from "react";
import { isRecord } from "../../api/client.ts";
import { emptyTail, receive, release, type TailState } from "./tail-buffer.ts";

/** Arrivals are shown in batches: fifty a second must not mean fifty renders. */
const FLUSH_MS = 400;

export interface LiveTail extends TailState {
  connection: "off" | "connecting" | "open";
  /** Traces the server did not send because more arrived than a list can show; they are in the store. */
  dropped: number;
  showWaiting: () => void;
}

/** Follows `GET /traces/tail` while `enabled`. The browser reconnects by itself. */
export function useLiveTail(options: { enabled: boolean; filter: string; projectId: string | undefined; isPaused: boolean }): LiveTail {
  const { enabled, filter, projectId } = options;
  const key = `${enabled} ${projectId ?? ""} ${filter}`;
  const [state, setState] = useState<TailState>(emptyTail);
  const [stateOf, setStateOf] = useState(key);
  const [isOpen, setOpen] = useState(false);
  const [dropped, setDropped] = useState(0);
  if (stateOf !== key) {
    // Another question: what the last one brought is not its answer.
    setStateOf(key);
    setState(emptyTail);
    setDropped(0);
  }
  const isPaused = useRef(options.isPaused);
  useEffect(() => {
    isPaused.current = options.isPaused;
  });
  useEffect(() => {
    if (!enabled) return;
    const params = new URLSearchParams();
    if (filter !== "") params.set("filter", filter);
    if (projectId !== undefined) params.set("project_ids", projectId);
    const source = new EventSource(`/api/v1/traces/tail?${params}`);
    let batch: TraceSummary[] = [];
    const onMessage = (event: MessageEvent<string>): void => void batch.push(...readTraces(event.data));
    source.addEventListener("open", () => setOpen(true));
    source.addEventListener("error", () => setOpen(false));
    source.addEventListener("message", onMessage);
    source.addEventListener("traces", onMessage);
    source.addEventListener("dropped", (event: MessageEvent<string>) => setDropped((before) => before + readCount(event.data)));
    const timer = setInterval(() => {
      if (batch.length === 0) return;
      const arrived = batch;
      batch = [];
      setState((before) => receive(before, arrived, isPaused.current));
    }, FLUSH_MS);
    return () => {
      clearInterval(timer);
      source.close();
      setOpen(false);
    };
  }, [enabled, filter, projectId]);
  const showWaiting = useCallback(() => setState(release), []);
  return { ...state, dropped, connection: !enabled ? "off" : isOpen ? "open" : "connecting", showWaiting };
}

function readCount(text: string): number {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) && typeof value["count"] === "number" ? value["count"] : 0;
  } catch {
    return 0;
  }
}

/** One trace, or several in `data`. */
function readTraces(text: string): TraceSummary[] {
  try {
    const value: unknown = JSON.parse(text);
    const list = Array.isArray(value) ? value : isRecord(value) && Array.isArray(value["data"]) ? value["data"] : [value];
    return list.filter((entry): entry is TraceSummary => isRecord(entry) && typeof entry["trace_id"] === "string");
  } catch {
    return []; // a comment or a keep-alive of a proxy
  }
}
