import type { QueryParam } from "../engine/engine.ts";

type ParamType = "String" | "Float64" | "Int64" | "UInt32" | "Array(String)" | "Array(UInt32)" | "Array(UInt64)";

/** Collects the values of a query. What a user wrote only ever enters SQL as `{p1:Type}`. */
export class SqlParams {
  readonly values: Record<string, QueryParam> = {};
  #count = 0;

  bind(type: ParamType, value: QueryParam): string {
    const name = `p${(this.#count += 1)}`;
    // Floats travel as text: drivers refuse integers beyond 2^53 as numbers.
    this.values[name] = type === "Float64" ? String(value) : value;
    return `{${name}:${type}}`;
  }
}
