import { type Resource, TelltaleError } from "@telltale/model";
import type { ProjectStore } from "@telltale/store";
import type { ProjectHint } from "./ingest.ts";

export const DEFAULT_PROJECT_ID = "0";

/** Where the spans of one request go. Written to the journal with it, so that a replay goes to the same place. */
export interface Routing {
  /** A header named the project: it holds for every span. */
  fixed?: string;
  /** Ids of the names that resource attributes gave. */
  byName?: Record<string, string>;
}

/** Project name a resource states: our own attribute first, then OpenInference's. */
export function projectNameOf(resource: Resource): string | undefined {
  for (const key of ["telltale.project", "openinference.project.name"]) {
    const value = resource.attributes.get(key);
    if (typeof value === "string" && value !== "" && value.length <= 500) return value;
  }
  return undefined;
}

export function projectIdOf(resource: Resource, routing: Routing): string {
  if (routing.fixed !== undefined) return routing.fixed;
  const name = projectNameOf(resource);
  return (name === undefined ? undefined : routing.byName?.[name]) ?? DEFAULT_PROJECT_ID;
}

/** Resolves hints and resource names to ids. A named project is created when unknown; an unknown id is the caller's mistake. */
export class ProjectRouter {
  readonly #projects: ProjectStore;
  readonly #known = new Map<string, { id: string; at: number }>();
  readonly #now: () => number;

  constructor(projects: ProjectStore, now: () => number) {
    this.#projects = projects;
    this.#now = now;
  }

  async route(hint: ProjectHint, resources: Iterable<Resource>): Promise<Routing> {
    if (hint.experimentId !== undefined) return { fixed: await this.#byId(hint.experimentId) };
    if (hint.projectName !== undefined) return { fixed: await this.#byName(hint.projectName) };
    const byName: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const resource of resources) {
      const name = projectNameOf(resource);
      if (name !== undefined && byName[name] === undefined) byName[name] = await this.#byName(name);
    }
    return Object.keys(byName).length > 0 ? { byName } : {};
  }

  async #byId(id: string): Promise<string> {
    return this.#cached(`#${id}`, async () => {
      const project = await this.#projects.find(id);
      if (!project || project.lifecycle !== "active") throw new TelltaleError("project_not_found", `No Experiment with id=${id} exists`);
      return project.id;
    });
  }

  async #byName(name: string): Promise<string> {
    return this.#cached(`=${name}`, async () => {
      const found = await this.#projects.findByName(name);
      if (found?.lifecycle === "deleted") throw new TelltaleError("project_not_found", `Project "${name}" is deleted; restore it or choose another name.`);
      if (found) return found.id;
      try {
        return (await this.#projects.create({ name })).id;
      } catch (error) {
        // Two first requests at the same moment: the other one has made it.
        const raced = await this.#projects.findByName(name);
        if (raced) return raced.id;
        throw error;
      }
    });
  }

  async #cached(key: string, load: () => Promise<string>): Promise<string> {
    const known = this.#known.get(key);
    if (known && this.#now() - known.at < 5_000) return known.id;
    let id: string;
    try {
      id = await load();
    } catch (error) {
      // The database restarts: what was known a moment ago is no reason to refuse spans that the journal can take.
      if (known && error instanceof TelltaleError && error.code === "store_unavailable") return known.id;
      throw error;
    }
    if (this.#known.size > 10_000) this.#known.clear();
    this.#known.set(key, { id, at: this.#now() });
    return id;
  }
}
