import { z } from "zod";

const LinkedPrompts = z.array(z.object({ name: z.string(), version: z.union([z.string(), z.number()]) })).max(1000);

/** `[{"name","version"}]` in the tag of that name, as `name/version`. What cannot be read stays a tag only. */
export function linkedPrompts(tag: string | undefined): string[] {
  if (tag === undefined) return [];
  try {
    const prompts = LinkedPrompts.parse(JSON.parse(tag));
    return prompts.map(({ name, version }) => `${name}/${version}`);
  } catch {
    // The tag is the client's own text; it is kept and shown as it is.
    return [];
  }
}
