import { clsx } from "clsx";
import { useState } from "react";
import { dimensionLabel, dimensions, isDimension } from "./cost-search.ts";

const FIRST = 8;

/** What the chart and the table are grouped by: the usual ones as buttons, everything else in a list, a tag by its key. */
export function DimensionPicker({ by, onChange }: { by: string; onChange: (by: string) => void }) {
  const [key, setKey] = useState("");
  const shown = dimensions.slice(0, FIRST);
  const others = dimensions.slice(FIRST);
  const isOther = !shown.some(({ field }) => field === by);
  return (
    <div className="flex flex-wrap items-center gap-1.5 border-b border-line px-4 py-2 max-md:px-3">
      <span id="cost-by" className="text-xs text-ink-3">
        Group by
      </span>
      <div role="group" aria-labelledby="cost-by" className="flex flex-wrap items-center gap-1">
        {shown.map(({ field, label }) => (
          <button
            key={field}
            type="button"
            aria-pressed={by === field}
            onClick={() => onChange(field)}
            className={clsx(
              "h-[26px] rounded-md px-2 text-xs font-medium",
              by === field ? "bg-accent-soft text-accent-ink" : "text-ink-2 hover:bg-hover hover:text-ink",
            )}
          >
            {label}
          </button>
        ))}
        <select
          aria-label="Group by something else"
          value={isOther ? by : ""}
          onChange={(event) => event.target.value !== "" && onChange(event.target.value)}
          className={clsx(
            "h-[26px] rounded-md border border-line-strong bg-surface px-1.5 text-xs",
            isOther && "border-accent-line! bg-accent-soft! text-accent-ink",
          )}
        >
          <option value="">More…</option>
          {others.map(({ field, label }) => (
            <option key={field} value={field}>
              {label}
            </option>
          ))}
          {isOther && !others.some(({ field }) => field === by) ? <option value={by}>{dimensionLabel(by)}</option> : null}
        </select>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (isDimension(`tags.${key.trim()}`)) onChange(`tags.${key.trim()}`);
          }}
        >
          <input
            aria-label="Group by a tag: its key"
            placeholder="tag…"
            value={key}
            maxLength={250}
            spellCheck={false}
            onChange={(event) => setKey(event.target.value)}
            className="h-[26px] w-24 rounded-md border border-line-strong bg-surface px-2 text-xs"
          />
        </form>
      </div>
    </div>
  );
}
