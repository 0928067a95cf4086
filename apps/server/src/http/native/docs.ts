import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { TelltaleError } from "@telltale/model";
import { z } from "zod";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";

const DocList = z.object({ data: z.array(z.object({ slug: z.string(), title: z.string() })), next_cursor: z.null() });
// Only plain names: a path cannot leave the folder.
const DocParams = z.object({ slug: z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/, "must be the name of a page") });
const DocPage = z.object({ slug: z.string(), title: z.string(), markdown: z.string() });

const FIRST_PAGE = "getting-started";

/** The users' pages that came with this version, for reading inside the product. */
export function docsRoutes(app: TypedApp, { docsFolder }: Pick<NativeDeps, "docsFolder">): void {
  app.get("/docs", { schema: { tags: ["server"], summary: "Pages of the documentation", response: { 200: DocList } } }, async () => {
    const names = docsFolder === undefined ? [] : await readdir(docsFolder).catch(() => []); // no folder: no pages
    const slugs = names.filter((name) => /^[a-z0-9][a-z0-9-]*\.md$/.test(name)).map((name) => name.slice(0, -".md".length));
    const data = await Promise.all(slugs.toSorted(byReadingOrder).map(async (slug) => ({ slug, title: titleOf(slug, await pageText(docsFolder, slug)) })));
    return { data, next_cursor: null };
  });

  app.get("/docs/:slug", { schema: { tags: ["server"], summary: "One page as Markdown", params: DocParams, response: { 200: DocPage } } }, async (request) => {
    const { slug } = request.params;
    const markdown = await pageText(docsFolder, slug);
    return { slug, title: titleOf(slug, markdown), markdown };
  });
}

/** Where a new reader begins comes first, the rest by name. */
function byReadingOrder(a: string, b: string): number {
  return Number(b === FIRST_PAGE) - Number(a === FIRST_PAGE) || a.localeCompare(b);
}

async function pageText(folder: string | undefined, slug: string): Promise<string> {
  const text = folder === undefined ? undefined : await readFile(join(folder, `${slug}.md`), "utf8").catch(() => undefined); // not there: 404
  if (text === undefined) throw new TelltaleError("not_found", `There is no documentation page ${slug}`);
  return text;
}

function titleOf(slug: string, markdown: string): string {
  return /^# +(.+)$/m.exec(markdown)?.[1]?.trim() ?? slug;
}
