import { Layers } from "lucide-react";

/** A small square with the first letter, in a hue of its own. */
export function ProjectMark({ name }: { name: string | undefined }) {
  if (name === undefined) return <Layers className="size-4 shrink-0 text-ink-3" aria-hidden />;
  let hash = 0;
  for (let index = 0; index < name.length; index += 1) hash = (hash * 33 + name.charCodeAt(index) * 47) % 360;
  return (
    <span
      aria-hidden
      style={{ "--kind-h": hash } as React.CSSProperties}
      data-kind=""
      className="flex size-4 shrink-0 items-center justify-center rounded-sm bg-[color-mix(in_oklch,var(--kind-bar)_24%,transparent)] text-[10px] leading-none font-semibold text-kind"
    >
      {[...name][0]?.toUpperCase()}
    </span>
  );
}
