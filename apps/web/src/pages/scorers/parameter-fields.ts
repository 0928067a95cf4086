import { isRecord } from "../../api/client.ts";

/** One parameter of a built-in scorer, as a form asks for it. */
export interface ParameterField {
  name: string;
  label: string;
  kind: "text" | "lines" | "integer" | "number" | "boolean" | "choice" | "choices" | "json";
  isRequired: boolean;
  options: readonly string[];
  /** What the scorer takes when nothing is said. */
  fallback: string;
}

/** What is sent along to the model, in MLflow's name. */
const FOR_MODEL = "inference_params";

/** The fields of a JSON schema of parameters. `model` has a field of its own in the form. What no form can ask for is asked for as JSON. */
export function readFields(schema: unknown): ParameterField[] {
  if (!isRecord(schema) || !isRecord(schema["properties"])) return [];
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  // What every judge takes comes after what makes this one.
  const entries = Object.entries(schema["properties"]).toSorted(([a], [b]) => Number(a === FOR_MODEL) - Number(b === FOR_MODEL));
  return entries.flatMap(([name, property]) => {
    if (name === "model" || !isRecord(property)) return [];
    const [kind, options] = kindOf(property);
    const fallback = property["default"];
    return {
      name,
      label: name === FOR_MODEL ? "Model settings" : name.slice(0, 1).toUpperCase() + name.slice(1).replaceAll("_", " "),
      kind,
      isRequired: required.includes(name) && fallback === undefined,
      options,
      fallback: typeof fallback === "string" || typeof fallback === "number" || typeof fallback === "boolean" ? String(fallback) : "",
    };
  });
}

function kindOf(property: Record<string, unknown>): [ParameterField["kind"], readonly string[]] {
  const forms = [property, ...(Array.isArray(property["anyOf"]) ? property["anyOf"].filter(isRecord) : [])];
  const types = new Set(forms.flatMap(({ type }) => (Array.isArray(type) ? type : [type])).filter((type) => type !== undefined && type !== "null"));
  const words = texts(forms.find((form) => Array.isArray(form["enum"]))?.["enum"]);
  if (words.length > 0) return ["choice", words];
  const list = forms.find(({ type }) => type === "array");
  if (list !== undefined) {
    const items = isRecord(list["items"]) ? list["items"] : {};
    const choices = texts(items["enum"]);
    if (choices.length > 0) return ["choices", choices];
    return items["type"] === "string" ? ["lines", []] : ["json", []];
  }
  if (types.size !== 1) return ["json", []];
  const [type] = types;
  return [type === "string" ? "text" : type === "integer" || type === "number" || type === "boolean" ? type : "json", []];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

/** What was typed, by parameter; lists one entry a line. */
export type TypedParameters = Readonly<Record<string, string>>;

/** The parameters of what was typed, or what is wrong with it. Empty fields are left out: the scorer's own default counts. */
export function parametersOf(fields: readonly ParameterField[], typed: TypedParameters): { parameters: Record<string, unknown> } | { problem: string } {
  const parameters: Record<string, unknown> = {};
  for (const field of fields) {
    const text = (typed[field.name] ?? "").trim();
    if (text === "") {
      if (field.isRequired) return { problem: `${field.label} is missing` };
      continue;
    }
    const value = valueOf(field, text);
    if (value === undefined) return { problem: `${field.label} is ${field.kind === "json" ? "no valid JSON" : "no number"}` };
    parameters[field.name] = value;
  }
  return { parameters };
}

function valueOf({ kind }: ParameterField, text: string): unknown {
  switch (kind) {
    case "text":
    case "choice":
      return text;
    case "lines":
    case "choices":
      return linesOf(text);
    case "boolean":
      return text === "true";
    case "integer":
    case "number": {
      const value = Number(text);
      return Number.isFinite(value) && (kind === "number" || Number.isInteger(value)) ? value : undefined;
    }
    case "json":
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return undefined;
      }
  }
}

/** The lines that say something. */
export function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
