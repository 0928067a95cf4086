/** The few entities that marked leaves in text it escaped itself. React escapes again on output. */
export function plainText(text: string): string {
  const known: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => known[entity] ?? entity);
}

/** `## The filter language` → `the-filter-language`. */
export function headingId(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
}

/** The document a relative link means: `filters.md`, `./filters`, `filters#operators`. Undefined for everything else. */
export function docSlug(href: string): string | undefined {
  return /^(?:\.\/)?([\w-]+)(?:\.md)?(?:#[\w-]*)?$/.exec(href)?.[1];
}
