import { useEffect, useRef, useState, type PointerEvent } from "react";
import { kindLook } from "../../components/Kind.tsx";
import { formatDuration, plural } from "../../format/number.ts";
import { useTheme } from "../../components/theme.ts";
import { ERROR, type SpanTree } from "./span-tree.ts";

const HEIGHT = 34;
/** A drag shorter than this many pixels is a click. */
const MIN_DRAG_PX = 4;

/** Of 50,000 spans a hundred share a pixel: after this many of them, more would change nothing that can be seen. Errors are always painted. */
const FULL = 4;

/** The whole trace in a strip; dragging zooms the waterfall, a double click shows everything again. */
export function Minimap({ tree, zoom, onZoom }: { tree: SpanTree; zoom: [number, number] | undefined; onZoom: (zoom: [number, number] | undefined) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { resolved } = useTheme();
  const [drag, setDrag] = useState<{ from: number; to: number } | undefined>();
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => paintSpans(element, tree));
    observer.observe(element); // also tells the size that it has now
    return () => observer.disconnect();
    // The theme changes the colours that are painted.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [tree, resolved]);

  const shareAt = (event: PointerEvent): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  const finish = (event: PointerEvent): void => {
    if (drag === undefined) return;
    const [from, to] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
    if ((to - from) * event.currentTarget.clientWidth >= MIN_DRAG_PX) onZoom([from * tree.totalMs, to * tree.totalMs]);
    setDrag(undefined);
  };
  const total = Math.max(tree.totalMs, 0.001);
  const window =
    drag === undefined
      ? zoom === undefined
        ? undefined
        : ([zoom[0] / total, zoom[1] / total] as const)
      : ([Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)] as const);
  return (
    <div
      className="relative mr-3 grow cursor-crosshair touch-none max-md:mx-3"
      style={{ height: HEIGHT }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: shareAt(event), to: shareAt(event) });
      }}
      onPointerMove={(event) => drag !== undefined && setDrag({ from: drag.from, to: shareAt(event) })}
      onPointerUp={finish}
      onDoubleClick={() => onZoom(undefined)}
    >
      <canvas
        ref={canvas}
        role="img"
        aria-label={`${plural(tree.spans.length, "span")} over ${formatDuration(tree.totalMs)}, ${plural(tree.errorCount, "error")}`}
        className="absolute inset-0 size-full"
      />
      {window === undefined ? null : (
        <>
          <div className="absolute inset-y-0 left-0 bg-surface/70" style={{ width: `${window[0] * 100}%` }} />
          <div className="absolute inset-y-0 right-0 bg-surface/70" style={{ width: `${(1 - window[1]) * 100}%` }} />
          <div
            className="absolute inset-y-0 border-x border-accent bg-accent/10"
            style={{ left: `${window[0] * 100}%`, width: `${(window[1] - window[0]) * 100}%` }}
          />
        </>
      )}
    </div>
  );
}

function paintSpans(canvas: HTMLCanvasElement, tree: SpanTree): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const scale = devicePixelRatio;
  const width = (canvas.width = Math.max(1, Math.round(canvas.clientWidth * scale)));
  const height = (canvas.height = Math.round(HEIGHT * scale));
  const colours = kindColours(canvas);
  const count = tree.spans.length;
  const pad = 4 * scale;
  const lane = (height - 2 * pad) / Math.max(count, 1);
  const thick = Math.max(scale, Math.min(3 * scale, lane * 0.8));
  const perMs = width / Math.max(tree.totalMs, 0.001);
  context.clearRect(0, 0, width, height);
  context.globalAlpha = count > 5_000 ? 0.35 : 0.85;
  const painted = new Uint8Array(width * height);
  for (let index = 0; index < count; index += 1) {
    const isError = ((tree.flags[index] ?? 0) & ERROR) !== 0;
    const x = (tree.startMs[index] ?? 0) * perMs;
    const y = pad + index * lane;
    const length = Math.max(scale, (tree.endMs[index] ?? 0) * perMs - x);
    if (length <= scale && !isError) {
      const pixel = Math.floor(y) * width + Math.floor(x);
      const before = painted[pixel] ?? 0;
      if (before >= FULL) continue;
      painted[pixel] = before + 1;
    }
    context.fillStyle = isError ? colours.error : colours.of(tree.spans[index]?.kind ?? "");
    context.fillRect(x, y, length, thick);
  }
}

/** Canvas knows no CSS variables: each kind's colour is read once from a probe. */
function kindColours(canvas: HTMLCanvasElement): { error: string; of: (kind: string) => string } {
  const probe = document.createElement("span");
  canvas.parentElement?.append(probe);
  const cache = new Map<string, string>();
  const read = (style: string, hue?: string): string => {
    if (hue !== undefined) probe.dataset["kind"] = hue;
    probe.style.color = style;
    return getComputedStyle(probe).color;
  };
  const error = read("var(--error)");
  for (const kind of ["LLM", "EMBEDDING", "RETRIEVER", "RERANKER", "TOOL", "AGENT", "GUARDRAIL", "EVALUATOR", "PROMPT", "MEMORY", "UNKNOWN"])
    cache.set(kindLook(kind).hue, read("var(--kind-bar)", kindLook(kind).hue));
  probe.remove();
  return { error, of: (kind) => cache.get(kindLook(kind).hue) ?? error };
}
