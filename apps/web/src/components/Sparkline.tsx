import { useId } from "react";

export interface SparklineProps {
  /** Null is a gap. */
  values: readonly (number | null)[];
  width?: number;
  height?: number;
  /** A token of `tokens.css` without the dashes. */
  color?: string;
}

const PAD = 2;

/** The shape of a figure over the window, from zero. Decoration: what it shows is said by the figure beside it. */
export function Sparkline({ values, width = 96, height = 28, color = "chart-1" }: SparklineProps) {
  const id = useId();
  const paths = sparkPaths(values, width, height);
  return (
    <svg aria-hidden viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" className="block h-full w-full" style={{ color: `var(--${color})` }}>
      <defs>
        <linearGradient id={id} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="currentColor" stopOpacity="0.22" />
          <stop offset="1" stopColor="currentColor" stopOpacity="0.02" />
        </linearGradient>
      </defs>
      <path d={paths.area} fill={`url(#${id})`} />
      <path
        d={paths.line}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.25"
        strokeLinejoin="round"
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

/** A run of known values is one line; a lonely value is a dot. */
export function sparkPaths(values: readonly (number | null)[], width: number, height: number): { line: string; area: string } {
  const max = values.reduce<number>((high, value) => Math.max(high, value ?? 0), 0);
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  const y = (value: number): number => round(height - PAD - (max === 0 ? 0 : (Math.max(0, value) / max) * (height - 2 * PAD)));
  let line = "";
  let area = "";
  let run: [number, number][] = [];
  const end = (): void => {
    const [first] = run;
    const last = run.at(-1);
    if (first === undefined || last === undefined) return;
    const points = run.map(([left, top]) => `${left} ${top}`).join("L");
    line += run.length === 1 ? `M${points}h0.01` : `M${points}`;
    if (run.length > 1) area += `M${first[0]} ${height}L${points}L${last[0]} ${height}Z`;
    run = [];
  };
  for (const [index, value] of values.entries()) {
    if (value === null) end();
    else run.push([round(index * step), y(value)]);
  }
  end();
  return { line, area };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
