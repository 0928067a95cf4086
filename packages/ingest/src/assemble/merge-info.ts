import type { TraceInfo } from "@telltale/model";

/**
 * Adds what a client states now to what it stated before. Maps upsert, lists union, scalars replace; a tag deleted now
 * is gone until somebody sets it again. Applying the same statement twice changes nothing.
 */
export function mergeTraceInfo(before: TraceInfo | undefined, now: TraceInfo): TraceInfo {
  if (!before) return withoutDeleted({ ...now, metadata: new Map(now.metadata), tags: new Map(now.tags) });
  const { requestId: _before, metadata: oldMetadata, tags: oldTags, deletedTags, runIds, prompts, ...oldScalars } = before;
  const { requestId, metadata, tags, deletedTags: newlyDeleted, runIds: moreRuns, prompts: morePrompts, ...scalars } = now;
  return withoutDeleted({
    ...oldScalars,
    ...scalars,
    requestId,
    metadata: new Map([...oldMetadata, ...metadata]),
    tags: new Map([...oldTags, ...tags]),
    deletedTags: [...new Set([...deletedTags.filter((key) => !tags.has(key)), ...newlyDeleted])],
    runIds: [...new Set([...runIds, ...moreRuns])],
    prompts: [...new Set([...prompts, ...morePrompts])],
  });
}

function withoutDeleted(info: TraceInfo): TraceInfo {
  for (const key of info.deletedTags) info.tags.delete(key);
  return info;
}
