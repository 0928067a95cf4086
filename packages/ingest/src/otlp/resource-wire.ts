import type { Resource, Scope } from "@telltale/model";
import type { AttributeReader } from "./any-value-wire.ts";

/** Reads a Resource message into `resource`. */
export function readResource(attributes: AttributeReader, resource: Resource, outerEnd: number): void {
  const { reader } = attributes;
  const end = reader.block(outerEnd);
  attributes.reset();
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 10) attributes.keyValue(resource.attributes, end);
    else reader.skip(tag, end);
  }
  if (attributes.droppedAttributes > 0) resource.attributes.set("telltale.dropped_attributes", attributes.droppedAttributes);
}

/** Reads an InstrumentationScope message into `scope`. */
export function readScope(attributes: AttributeReader, scope: Scope, outerEnd: number): void {
  const { reader } = attributes;
  const end = reader.block(outerEnd);
  attributes.reset();
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 10) scope.name = reader.string(end);
    else if (tag === 18) scope.version = reader.string(end);
    else if (tag === 26) attributes.keyValue(scope.attributes, end);
    else reader.skip(tag, end);
  }
  if (attributes.droppedAttributes > 0) scope.attributes.set("telltale.dropped_attributes", attributes.droppedAttributes);
}
