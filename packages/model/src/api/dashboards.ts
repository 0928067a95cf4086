import { z } from "zod";
import { MetricsQuery } from "./metrics.ts";
import { Timestamp } from "./traces.ts";

export const GRID_COLUMNS = 12;
const MAX_TILES = 60;
const MAX_TILE_ROWS = 40;

/** A window of time: a preset of the pages (`24h`, `7d`, `all`), or fixed. Empty: what the dashboard shows. */
export const DashboardTime = z.strictObject({
  range: z
    .string()
    .regex(/^(?:[1-9]\d{0,3}[mhdw]|all)$/)
    .optional(),
  from: Timestamp.max(40).optional(),
  to: Timestamp.max(40).optional(),
});
export type DashboardTime = z.infer<typeof DashboardTime>;

// Window, project and zone are the dashboard's and its reader's.
const { from: _from, to: _to, project_ids: _projects, time_zone: _zone, ...measured } = MetricsQuery.shape;

/** What a tile asks of POST /metrics/query. Without `interval`, charts take one that fits the window. */
export const TileQuery = z.strictObject({ ...measured, label: z.string().trim().max(100).optional() });
export type TileQuery = z.infer<typeof TileQuery>;

/** Where a tile lies on the grid: columns of twelve, rows of one height. Tiles that overlap are pushed down when shown. */
export const TileLayout = z
  .strictObject({
    x: z
      .number()
      .int()
      .min(0)
      .max(GRID_COLUMNS - 1),
    y: z.number().int().min(0).max(10_000),
    w: z.number().int().min(1).max(GRID_COLUMNS),
    h: z.number().int().min(1).max(MAX_TILE_ROWS),
  })
  .refine(({ x, w }) => x + w <= GRID_COLUMNS, `x and w together are at most ${GRID_COLUMNS}`);
export type TileLayout = z.infer<typeof TileLayout>;

const tile = {
  id: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/),
  title: z.string().trim().max(200),
  layout: TileLayout,
};

export const measuredKinds = ["number", "line", "bars", "list", "table"] as const;
/** A tile that measures: a number with its course, lines, stacked bars, a ranking, or a table. */
export const MeasuredTile = z.strictObject({
  ...tile,
  kind: z.enum(measuredKinds),
  queries: z.array(TileQuery).min(1).max(6),
  /** Instead of the dashboard's window. */
  time: DashboardTime.optional(),
});
export type MeasuredTile = z.infer<typeof MeasuredTile>;

/** A tile of Markdown. */
export const TextTile = z.strictObject({ ...tile, kind: z.literal("text"), text: z.string().max(20_000) });
export type TextTile = z.infer<typeof TextTile>;

export const Tile = z.discriminatedUnion("kind", [MeasuredTile, TextTile]);
export type Tile = z.infer<typeof Tile>;

const content = {
  name: z.string().trim().min(1).max(200),
  description: z.string().max(2_000),
  /** The window at opening; the address of the page may say another. */
  time: DashboardTime,
  /** Narrows every tile, in the filter language. */
  filter: z.string().max(20_000),
  /** Seconds after which tiles ask again; `null`: not by themselves. */
  refresh_s: z.number().int().min(5).max(86_400).nullable(),
  tiles: z
    .array(Tile)
    .max(MAX_TILES)
    .refine((tiles) => new Set(tiles.map(({ id }) => id)).size === tiles.length, "two tiles have the same id"),
};
const project_id = z.string().max(20).nullable();

/** POST /dashboards. */
export const NewDashboard = z.strictObject({
  name: content.name,
  description: content.description.default(""),
  time: content.time.default({}),
  filter: content.filter.default(""),
  refresh_s: content.refresh_s.default(null),
  tiles: content.tiles.default([]),
  /** The project it belongs to and measures; `null`: the one its reader has chosen. */
  project_id: project_id.default(null),
});
export type NewDashboard = z.infer<typeof NewDashboard>;

/** PATCH /dashboards/{id}. `version` is the one that was read: when somebody else was quicker the answer is 409. */
export const DashboardPatch = z.strictObject({
  version: z.number().int().min(1),
  name: content.name.optional(),
  description: content.description.optional(),
  time: content.time.optional(),
  filter: content.filter.optional(),
  refresh_s: content.refresh_s.optional(),
  tiles: content.tiles.optional(),
  project_id: project_id.optional(),
});
export type DashboardPatch = z.infer<typeof DashboardPatch>;

/** A dashboard in the list. */
export const DashboardSummary = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  project_id: z.string().nullable(),
  tile_count: z.number(),
  version: z.number(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type DashboardSummary = z.infer<typeof DashboardSummary>;

export const DashboardOut = z.object({
  id: z.string(),
  version: z.number(),
  name: z.string(),
  description: z.string(),
  project_id: z.string().nullable(),
  time: DashboardTime,
  filter: z.string(),
  refresh_s: z.number().nullable(),
  tiles: z.array(Tile),
  created_at: z.string(),
  updated_at: z.string(),
});
export type DashboardOut = z.infer<typeof DashboardOut>;

export const DASHBOARD_FORMAT = "telltale.dashboard";
export const DASHBOARD_SCHEMA_VERSION = 1;

/** A dashboard as a file: what GET …/export answers and POST /dashboards/import takes. Without project: ids mean nothing elsewhere. */
export const DashboardFile = z.strictObject({
  format: z.literal(DASHBOARD_FORMAT),
  schema_version: z.literal(DASHBOARD_SCHEMA_VERSION, `this version of Telltale reads dashboards of schema_version ${DASHBOARD_SCHEMA_VERSION}`),
  dashboard: NewDashboard.omit({ project_id: true }),
});
export type DashboardFile = z.infer<typeof DashboardFile>;
