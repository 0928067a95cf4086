import { useNow } from "../time/clock.ts";
import { useZone } from "../url/search.ts";
import { formatAgo, formatExact, formatMinute, formatMoment } from "../time/instant.ts";

/** A time, relative or absolute; the exact one is a hover away. */
export function Time({ value, relative, toMinute = false, className }: { value: string; relative: boolean; toMinute?: boolean; className?: string }) {
  const zone = useZone();
  const now = useNow();
  return (
    <time dateTime={value} title={formatExact(value, zone)} className={className}>
      {relative ? formatAgo(value, now) : toMinute ? formatMinute(value, zone, now) : formatMoment(value, zone, now)}
    </time>
  );
}
