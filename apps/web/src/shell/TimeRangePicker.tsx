import { useNavigate } from "@tanstack/react-router";
import { clsx } from "clsx";
import { CalendarClock, Check, ChevronDown } from "lucide-react";
import { useState } from "react";
import { Button } from "../components/Button.tsx";
import { Popover } from "../components/Popover.tsx";
import { formatMinute } from "../time/instant.ts";
import { fromInputValue, presetOf, presets, toInputValue, type TimeRangeSearch } from "../time/time-range.ts";
import { useNow } from "../time/clock.ts";
import { useShellSearch, useZone } from "../url/search.ts";

/** The window of time and the zone, both in the URL. */
export function TimeRangePicker() {
  const search = useShellSearch();
  const zone = useZone();
  const now = useNow();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const isAbsolute = search.from !== undefined || search.to !== undefined;
  const change = (next: TimeRangeSearch & { tz?: "utc" | undefined }): void => {
    void navigate({ to: ".", search: (previous) => ({ ...previous, ...next }) as never, replace: true });
  };
  const short = (iso: string | undefined, open: string): string => (iso === undefined ? open : formatMinute(iso, zone, now));
  const label = isAbsolute ? `${short(search.from, "…")} – ${short(search.to, "now")}` : presetOf(search).label;
  const clear = { from: undefined, to: undefined, range: undefined } as unknown as TimeRangeSearch;
  return (
    <Popover
      label="Time range"
      align="end"
      open={open}
      onOpenChange={setOpen}
      className="w-72"
      trigger={
        <Button className="px-2.5!" aria-label={`Time range: ${label}${zone === "utc" ? ", UTC" : ""}`}>
          <CalendarClock className="text-ink-3" />
          <span className="num max-w-56 truncate max-sm:max-w-28">{label}</span>
          {zone === "utc" ? <span className="text-2xs text-ink-3">UTC</span> : null}
          <ChevronDown className="size-3.5! text-ink-3" />
        </Button>
      }
    >
      <ul className="p-1">
        {presets.map((preset) => {
          const chosen = !isAbsolute && presetOf(search).key === preset.key;
          return (
            <li key={preset.key}>
              <button
                type="button"
                aria-current={chosen}
                onClick={() => {
                  change({ ...clear, range: preset.key });
                  setOpen(false);
                }}
                className={clsx("focus-inset flex h-[30px] w-full items-center justify-between rounded-md px-2 hover:bg-hover", chosen && "font-medium")}
              >
                {preset.label}
                {chosen ? <Check className="size-3.5 text-accent-ink" aria-hidden /> : null}
              </button>
            </li>
          );
        })}
      </ul>
      <AbsoluteRange
        key={`${search.from ?? ""}${search.to ?? ""}${zone}`}
        zone={zone}
        from={search.from}
        to={search.to}
        onApply={(from, to) => {
          change({ ...clear, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
          setOpen(false);
        }}
      />
      <fieldset className="flex items-center justify-between border-t border-line px-3 py-2">
        <legend className="sr-only">Time zone</legend>
        <span className="text-ink-3">Time zone</span>
        <div className="flex rounded-md bg-sunken p-0.5">
          {(["local", "utc"] as const).map((option) => (
            <button
              key={option}
              type="button"
              aria-pressed={zone === option}
              onClick={() => change({ tz: option === "utc" ? "utc" : undefined })}
              className="rounded-sm px-2 py-0.5 text-xs text-ink-2 aria-pressed:bg-raised aria-pressed:font-medium aria-pressed:text-ink aria-pressed:shadow-sm"
            >
              {option === "utc" ? "UTC" : "Local"}
            </button>
          ))}
        </div>
      </fieldset>
    </Popover>
  );
}

function AbsoluteRange({
  zone,
  from,
  to,
  onApply,
}: {
  zone: "local" | "utc";
  from: string | undefined;
  to: string | undefined;
  onApply: (from: string | undefined, to: string | undefined) => void;
}) {
  const [start, setStart] = useState(toInputValue(from, zone));
  const [end, setEnd] = useState(toInputValue(to, zone));
  const startIso = fromInputValue(start, zone);
  const endIso = fromInputValue(end, zone);
  const isBackwards = startIso !== undefined && endIso !== undefined && startIso >= endIso;
  const field = "h-[30px] w-full rounded-md border border-line bg-surface px-2 text-xs num";
  return (
    <form
      className="grid grid-cols-[2.5rem_1fr] items-center gap-x-2 gap-y-1.5 border-t border-line px-3 py-2.5"
      onSubmit={(event) => {
        event.preventDefault();
        onApply(startIso, endIso);
      }}
    >
      <label htmlFor="range-from" className="text-ink-3">
        From
      </label>
      <input id="range-from" type="datetime-local" className={field} value={start} onChange={(event) => setStart(event.target.value)} />
      <label htmlFor="range-to" className="text-ink-3">
        To
      </label>
      <input id="range-to" type="datetime-local" className={field} value={end} onChange={(event) => setEnd(event.target.value)} />
      {isBackwards ? <p className="col-span-2 text-xs text-error">The start lies after the end.</p> : null}
      <Button type="submit" size="sm" className="col-span-2" disabled={(startIso === undefined && endIso === undefined) || isBackwards}>
        Show this window
      </Button>
    </form>
  );
}
