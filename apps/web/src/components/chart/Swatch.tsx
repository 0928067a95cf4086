import { clsx } from "clsx";

/** The square of a colour in a legend. */
export function Swatch({ color, faded = false }: { color: string | undefined; faded?: boolean }) {
  return (
    <span
      aria-hidden
      className={clsx("size-2 shrink-0 rounded-[2px]", faded && "opacity-30")}
      style={color === undefined ? undefined : { background: `var(--${color})` }}
    />
  );
}
