import type { TraceInfo } from "@telltale/model";

/** `traces.info`: what clients stated themselves, kept so that the row can be derived again. `""` = nothing. */
export function encodeTraceInfo(info: TraceInfo | undefined): string {
  if (!info) return "";
  return JSON.stringify({ ...info, metadata: [...info.metadata], tags: [...info.tags] });
}

export function decodeTraceInfo(text: string): TraceInfo | undefined {
  if (text === "") return undefined;
  const stored = JSON.parse(text) as Omit<TraceInfo, "metadata" | "tags"> & { metadata: [string, string][]; tags: [string, string][] };
  return { ...stored, metadata: new Map(stored.metadata), tags: new Map(stored.tags) };
}
