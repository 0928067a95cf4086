import { z } from "zod";

/** What a page shows, as its URL says it: filter, window, sort, columns. Never the project (a view has its own) and never which view is open. */
export const ViewState = z
  .record(z.string().regex(/^[a-z][a-z0-9_]{0,49}$/), z.string().max(20_000))
  .refine((state) => Object.keys(state).length <= 40, "a view's state has at most 40 entries")
  .refine((state) => JSON.stringify(state).length <= 32_000, "a view's state has at most 32,000 characters");
export type ViewState = z.infer<typeof ViewState>;

/** Where a view belongs: the path of its page, e.g. `traces`. */
export const ViewPage = z
  .string()
  .max(100)
  .regex(/^[a-z][a-z0-9-]*(?:\/[a-z][a-z0-9-]*)*$/);
export const ViewVisibility = z.enum(["private", "shared"]);
export type ViewVisibility = z.infer<typeof ViewVisibility>;

const ViewName = z.string().trim().min(1).max(100);

/** POST /views. A private view belongs to the person who sends it (header `x-telltale-person`). */
export const NewView = z.strictObject({
  name: ViewName,
  page: ViewPage,
  state: ViewState,
  visibility: ViewVisibility.default("private"),
  /** The project that the view switches to; `null`: whichever is shown. */
  project_id: z.string().max(20).nullable().default(null),
});
export type NewView = z.infer<typeof NewView>;

export const ViewPatch = z.strictObject({
  name: ViewName.optional(),
  state: ViewState.optional(),
  visibility: ViewVisibility.optional(),
  project_id: z.string().max(20).nullable().optional(),
});
export type ViewPatch = z.infer<typeof ViewPatch>;

export const ViewOut = z.object({
  id: z.string(),
  name: z.string(),
  page: z.string(),
  state: z.record(z.string(), z.string()),
  visibility: ViewVisibility,
  project_id: z.string().nullable(),
  /** Whether the asking person made it. Who did is not told: that id is what makes a private view private. */
  is_mine: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type ViewOut = z.infer<typeof ViewOut>;
