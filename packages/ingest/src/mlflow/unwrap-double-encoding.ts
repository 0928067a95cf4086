import type { AttributeValue } from "@telltale/model";
import { parseAttributeJson } from "../raw/parse-attribute-json.ts";

/**
 * MLflow's rule for attributes that arrive as JSON inside a string (it writes them so through a plain OTLP exporter): a
 * string that is a JSON string, list or object becomes that value, one level only. `"20"`, `"true"`, `"null"` and text that
 * is not JSON stay strings. Applies to every attribute key, as in MLflow's `strip_otlp_double_encoding`.
 */
export function unwrapDoubleEncoding(value: AttributeValue): AttributeValue {
  if (typeof value !== "string" || !/^[ \t\r\n]*["[{]/.test(value)) return value;
  return parseAttributeJson(value) ?? value;
}
