import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";

const STEP_MS = 10_000;

/** The end of windows that are open to now. It moves every `seconds` while somebody looks, or only when asked to. */
export function useDashboardClock(seconds: number | null): { endMs: number; refresh: () => void } {
  const client = useQueryClient();
  const [endMs, setEnd] = useState(nextStep);
  useEffect(() => {
    if (seconds === null) return;
    const timer = setInterval(() => document.visibilityState === "visible" && setEnd(nextStep()), seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  const refresh = useCallback(() => {
    setEnd(nextStep());
    // Closed windows, and open ones within the same step, ask the same question again.
    void client.invalidateQueries({ queryKey: ["metrics"] });
  }, [client]);
  return { endMs, refresh };
}

/** A little ahead of now, so that what arrived just now is inside, and all tiles ask for the same. */
function nextStep(): number {
  return Math.ceil(Date.now() / STEP_MS) * STEP_MS;
}
