import type { AssessmentOut, LabelSchemaOut } from "@telltale/model/api";
import { answerOf, typedOf } from "../../components/answer/answer.ts";

/** The schema that a label was given by, as far as its name, kind and value say; then it is edited in the same way. */
export function schemaOf(existing: Pick<AssessmentOut, "name" | "kind" | "value">, schemas: readonly LabelSchemaOut[]): LabelSchemaOut | undefined {
  return schemas.find(
    (schema) => schema.name === existing.name && schema.type === existing.kind && typedOf(answerOf(schema.input), existing.value) !== undefined,
  );
}
