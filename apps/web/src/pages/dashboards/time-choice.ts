import type { DashboardTime } from "@telltale/model/api";
import { presets } from "../../time/time-range.ts";
import type { Option } from "../../components/form.tsx";

const FIXED = "fixed";

/** The windows that can be chosen for a tile or a dashboard; `""` is none of its own. One with two ends is kept as it is. */
export function timeOptions(none: string, time: DashboardTime | undefined): Option[] {
  const isFixed = time?.from !== undefined || time?.to !== undefined;
  return [
    { value: "", label: none },
    ...presets.map(({ key, label }) => ({ value: key, label })),
    ...(isFixed ? [{ value: FIXED, label: `${time.from ?? "…"} – ${time.to ?? "now"}` }] : []),
  ];
}

export function timeValue(time: DashboardTime | undefined): string {
  return time?.from !== undefined || time?.to !== undefined ? FIXED : (time?.range ?? "");
}

export function timeOf(value: string, before: DashboardTime | undefined): DashboardTime {
  if (value === FIXED) return before ?? {};
  return value === "" ? {} : { range: value };
}
