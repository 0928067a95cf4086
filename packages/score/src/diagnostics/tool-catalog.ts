import type { ToolDefinition } from "@telltale/model";
import { jsonText } from "./canonical.ts";

const MAX_TOOLS = 2_000;
/** Different schemas under one name: agents of one trace may mean different tools by it. */
const MAX_SCHEMAS = 8;

/** The tools that models were offered, by name, with every schema that was given for it. */
export class ToolCatalog {
  readonly #schemas = new Map<string, Map<string, unknown>>();

  add(definitions: readonly ToolDefinition[]): void {
    for (const { name, schema } of definitions) {
      const key = sameName(name);
      let schemas = this.#schemas.get(key);
      if (schemas === undefined) {
        if (this.#schemas.size >= MAX_TOOLS) return;
        this.#schemas.set(key, (schemas = new Map()));
      }
      if (schema !== undefined && schemas.size < MAX_SCHEMAS) schemas.set(jsonText(schema), schema);
    }
  }

  get size(): number {
    return this.#schemas.size;
  }

  has(tool: string): boolean {
    return this.#schemas.has(sameName(tool));
  }

  schemasOf(tool: string): unknown[] {
    return [...(this.#schemas.get(sameName(tool))?.values() ?? [])];
  }
}

/** Providers allow no dots in names, so clients write `math.hypot` as `math_hypot`: the same tool. */
function sameName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]+/g, "_");
}
