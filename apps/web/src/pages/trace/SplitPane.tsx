import { useRef, type ReactNode } from "react";
import { useStoredState } from "../../components/stored-state.ts";

const MIN_PX = 320;
const STEP_PX = 24;

/** Two panes with a line between them that is dragged, or moved with the arrow keys. The width is remembered. */
export function SplitPane({ storageKey, left, right }: { storageKey: string; left: ReactNode; right: ReactNode }) {
  const [width, setWidth] = useStoredState(storageKey, 500, (stored) =>
    typeof stored === "number" && stored >= MIN_PX && stored <= 2_000 ? stored : undefined,
  );
  const drag = useRef<{ x: number; width: number } | undefined>(undefined);
  const box = useRef<HTMLDivElement>(null);
  const clamp = (value: number): number => Math.round(Math.min((box.current?.clientWidth ?? 1200) - MIN_PX, Math.max(MIN_PX, value)));
  return (
    <div ref={box} className="flex h-full min-h-0">
      <div className="min-w-0 grow">{left}</div>
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label="Width of the detail"
        aria-valuenow={width}
        aria-valuemin={MIN_PX}
        aria-valuemax={2000}
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
          event.preventDefault();
          setWidth(clamp(width + (event.key === "ArrowLeft" ? STEP_PX : -STEP_PX)));
        }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = { x: event.clientX, width };
        }}
        onPointerMove={(event) => drag.current !== undefined && setWidth(clamp(drag.current.width - event.clientX + drag.current.x))}
        onPointerUp={() => (drag.current = undefined)}
        className="relative z-10 -mx-1 w-2 shrink-0 cursor-col-resize touch-none after:absolute after:inset-y-0 after:left-1/2 after:w-px after:bg-line hover:after:bg-accent"
      />
      <div className="min-w-0 shrink-0" style={{ width: `min(${width}px, 60%)` }}>
        {right}
      </div>
    </div>
  );
}
