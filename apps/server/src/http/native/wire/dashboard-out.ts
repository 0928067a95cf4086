import type { DashboardOut, DashboardSummary } from "@telltale/model/api";
import type { StoredDashboard } from "@telltale/store";
import { readContent } from "../../../dashboards/content.ts";
import { formatMs } from "./timestamp.ts";

export function toDashboardOut(dashboard: StoredDashboard): DashboardOut {
  const { id, version, name, projectId, content, createdMs, updatedMs } = dashboard;
  return { id, version, name, project_id: projectId, ...readContent(content), created_at: formatMs(createdMs), updated_at: formatMs(updatedMs) };
}

export function toDashboardSummary(dashboard: StoredDashboard): DashboardSummary {
  const { tiles, time: _time, filter: _filter, refresh_s: _refresh, ...rest } = toDashboardOut(dashboard);
  return { ...rest, tile_count: tiles.length };
}
