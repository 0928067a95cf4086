import type { RawSpan } from "@telltale/model";
import type { Convention } from "./convention.ts";
import { family } from "./keys.ts";
import { text } from "./values.ts";

const CLIENT = 3; // OTLP SpanKind
const MODEL_PATH =
  /\/(chat\/completions|completions|responses|embeddings|messages|converse|converse-stream|invoke|api\/chat|api\/generate)([?#]|$)|:(stream)?generateContent/i;

/** Plain HTTP client and server spans. Under a model call they repeat it, so those are folded away. */
export const http: Convention = {
  name: "http",
  summary: "HTTP semantic conventions without anything about models.",
  families: 0,
  recognises: (raw, families) =>
    (families & family.http) !== 0 &&
    (raw.attributes.has("http.request.method") || raw.attributes.has("http.method") || raw.attributes.has("url.full") || raw.attributes.has("http.url")),
  kind: () => "HTTP",
  read: (raw, span) => {
    span.noise ||= raw.otelKind === CLIENT && MODEL_PATH.test(urlOf(raw));
  },
};

function urlOf(raw: RawSpan): string {
  return text(raw.attributes.get("url.full")) || text(raw.attributes.get("http.url")) || text(raw.attributes.get("url.path"));
}
