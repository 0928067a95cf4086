import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { AttributeValue } from "@telltale/model";
import { parseAttributeJson } from "../raw/parse-attribute-json.ts";

/** Recorded exchanges of the real MLflow client and server (tests/fixtures/mlflow), read without loss of digits; for tests. */
const folder = fileURLToPath(new URL("../../../../tests/fixtures/mlflow/", import.meta.url));

export type Json = AttributeValue | undefined;

export interface Exchange {
  fixture: string;
  path: string;
  request: Json;
  response: Json;
}

export function at(value: Json, ...path: (string | number)[]): Json {
  let found = value;
  for (const step of path) found = found instanceof Map ? found.get(String(step)) : Array.isArray(found) && typeof step === "number" ? found[step] : undefined;
  return found;
}

export function list(value: Json): AttributeValue[] {
  return Array.isArray(value) ? value : [];
}

export function exchanges(): Exchange[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json") && !file.startsWith("_"))
    .flatMap((file) =>
      list(at(parseAttributeJson(readFileSync(folder + file, "utf8")), "exchanges")).map((exchange) => ({
        fixture: file.replace(/\.json$/, ""),
        path: String(at(exchange, "path")),
        request: at(exchange, "request_body"),
        response: at(exchange, "response_body"),
      })),
    );
}
