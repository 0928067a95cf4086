import type { Resource, Scope } from "@telltale/model";
import type { JsonAttributeReader } from "./any-value-json.ts";
import { type JsonObject, object } from "./json-body.ts";
import { field } from "./json-fields.ts";

/** The resource of a ResourceSpans, ResourceLogs or ResourceMetrics object. */
export function resourceOf(attributes: JsonAttributeReader, from: JsonObject): Resource {
  attributes.reset();
  const given = from.resource === undefined || from.resource === null ? {} : object(from.resource, "resource");
  const schemaUrl = field(from, "schemaUrl", "schema_url");
  const resource = { attributes: attributes.attributes(given.attributes), schemaUrl: typeof schemaUrl === "string" ? schemaUrl : "" };
  if (attributes.droppedAttributes > 0) resource.attributes.set("telltale.dropped_attributes", attributes.droppedAttributes);
  return resource;
}

/** The scope of a ScopeSpans, ScopeLogs or ScopeMetrics object. */
export function scopeOf(attributes: JsonAttributeReader, from: JsonObject): Scope {
  attributes.reset();
  const given = from.scope === undefined || from.scope === null ? {} : object(from.scope, "scope");
  const scope = {
    name: typeof given.name === "string" ? given.name : "",
    version: typeof given.version === "string" ? given.version : "",
    attributes: attributes.attributes(given.attributes),
  };
  if (attributes.droppedAttributes > 0) scope.attributes.set("telltale.dropped_attributes", attributes.droppedAttributes);
  return scope;
}
