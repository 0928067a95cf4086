import type { Resource } from "@telltale/model";
import { type Routing, projectIdOf } from "./project-routing.ts";

/** Groups by project; one request usually has one resource, so the common case is one group. */
export function byProject<T extends { resource: Resource }>(items: readonly T[], routing: Routing): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  let lastResource: Resource | undefined;
  let lastGroup: T[] | undefined;
  for (const item of items) {
    if (item.resource !== lastResource || !lastGroup) {
      const projectId = projectIdOf(item.resource, routing);
      lastGroup = groups.get(projectId) ?? [];
      groups.set(projectId, lastGroup);
      lastResource = item.resource;
    }
    lastGroup.push(item);
  }
  return groups;
}
