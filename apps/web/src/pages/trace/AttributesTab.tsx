import type { SpanDetail } from "@telltale/model/api";
import { Search } from "lucide-react";
import { useState } from "react";
import { Payload } from "../../components/content/MessageList.tsx";
import { CopyButton } from "../../components/CopyButton.tsx";
import { Section } from "./Section.tsx";

/** More than this are not listed until the search narrows them. */
const MAX_SHOWN = 300;

/** What we understood, what was sent (verbatim), and the resource it came from; one search over all. */
export function AttributesTab({ span }: { span: SpanDetail }) {
  const [typed, setTyped] = useState("");
  const needle = typed.trim().toLowerCase();
  const scope = { "scope.name": span.scope.name, "scope.version": span.scope.version, dialect: span.dialect, ...span.resource };
  return (
    <>
      <div className="relative mb-3">
        <Search className="pointer-events-none absolute top-2 left-2.5 size-3.5 text-ink-3" aria-hidden />
        <input
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          placeholder="Search names and values"
          aria-label="Search names and values"
          className="h-[30px] w-full rounded-md bg-sunken pr-2 pl-8"
        />
      </div>
      <AttributeGroup title="Normalised" attributes={span.attributes} needle={needle} />
      <AttributeGroup title="As sent" attributes={span.raw_attributes} needle={needle} />
      <AttributeGroup title="Resource and scope" attributes={scope} needle={needle} />
      {span.links.length > 0 ? (
        <AttributeGroup title="Links" attributes={Object.fromEntries(span.links.map((link, index) => [`${index + 1}`, link]))} needle={needle} />
      ) : null}
    </>
  );
}

function AttributeGroup({ title, attributes, needle }: { title: string; attributes: Record<string, unknown>; needle: string }) {
  const all = Object.entries(attributes);
  const found =
    needle === "" ? all : all.filter(([key, value]) => key.toLowerCase().includes(needle) || exactText(value).slice(0, 20_000).toLowerCase().includes(needle));
  const shown = found.slice(0, MAX_SHOWN);
  if (all.length === 0 || (needle !== "" && found.length === 0)) return null;
  return (
    <Section title={`${title} (${found.length === all.length ? all.length : `${found.length} of ${all.length}`})`}>
      <dl className="overflow-hidden rounded-lg border border-line">
        {shown.map(([key, value]) => (
          <div
            key={key}
            className="group grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] items-start gap-3 border-b border-line/60 py-1 pr-1 pl-3 last:border-0 hover:bg-hover/60"
          >
            <dt className="py-0.5 font-mono text-xs break-words text-ink-3">{key}</dt>
            <dd className="flex min-w-0 items-start gap-2 py-0.5 font-mono text-xs [&_.text-sm]:text-xs">
              <div className="min-w-0 grow">
                {typeof value === "number" || typeof value === "boolean" ? <span className="num">{String(value)}</span> : <Payload value={value} />}
              </div>
              <CopyButton text={exactText(value)} label={`Copy ${key}`} className="-my-0.5 opacity-0 group-hover:opacity-100 focus-visible:opacity-100" />
            </dd>
          </div>
        ))}
      </dl>
      {found.length > shown.length ? <p className="pt-1 text-xs text-ink-3">{found.length - shown.length} more: narrow the search to see them.</p> : null}
    </Section>
  );
}

/** The value whole, as it is searched and copied: no digit is rounded away. */
function exactText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
