import { z } from "zod";
export const ProjectOut = z.object({
  id: z.string(),
  name: z.string(),
  lifecycle: z.enum(["active", "deleted"]),
  tags: z.record(z.string(), z.string()),
  created_at: z.string(),
  updated_at: z.string(),
});
export type ProjectOut = z.infer<typeof ProjectOut>;
export const NewProject = z.strictObject({ name: z.string().min(1).max(500), tags: z.record(z.string(), z.string()).optional() });
export const ProjectPatch = z.strictObject({
  name: z.string().min(1).max(500).optional(),
  tags: z.record(z.string(), z.string().nullable()).optional(),
  lifecycle: z.enum(["active", "deleted"]).optional(),
});
