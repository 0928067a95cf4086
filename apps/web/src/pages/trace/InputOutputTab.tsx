import type { SpanDetail } from "@telltale/model/api";
import { Download } from "lucide-react";
import { useMemo, useState, type ReactNode } from "react";
import { isRecord } from "../../api/client.ts";
import { IconButton } from "../../components/Button.tsx";
import { CopyButton } from "../../components/CopyButton.tsx";
import { downloadText } from "../../components/download.ts";
import { MessageList, Payload } from "../../components/content/MessageList.tsx";
import { TextValue } from "../../components/content/TextValue.tsx";
import { approximateSize } from "../../components/content/json-rows.ts";
import { JsonView } from "../../components/content/JsonView.tsx";
import { PartialNote } from "../../components/PanelState.tsx";
import { formatBytes, plural } from "../../format/number.ts";
import { Section } from "./Section.tsx";

const LARGE_BYTES = 256_000;
const MEASURE_LIMIT = 100_000_000;

/** What went in and what came out, as readable as the span allows: chat, documents, tool calls, else JSON. */
export function InputOutputTab({ span }: { span: SpanDetail }) {
  const hasInputChat = span.input_messages.length > 0;
  const hasOutputChat = span.output_messages.length > 0;
  return (
    <>
      {span.truncated ? (
        <p className="mb-3">
          <PartialNote>Large content was moved out of this span; it opens where it stood</PartialNote>
        </p>
      ) : null}
      {span.system_instructions === null || span.input_messages.some((message) => isRecord(message) && message["role"] === "system") ? null : (
        <Section title="Instructions">
          <MessageList messages={[{ role: "system", parts: [{ type: "text", content: span.system_instructions }] }]} />
        </Section>
      )}
      {span.retrieval_query === null ? null : (
        <Section title="Query">
          <Box>
            <TextValue text={span.retrieval_query} />
          </Box>
        </Section>
      )}
      {span.retrieval_query !== null && span.inputs === span.retrieval_query ? null : (
        <Content
          title="Input"
          raw={span.inputs ?? span.tool_arguments}
          chat={hasInputChat ? span.input_messages : undefined}
          emptyText="No input was recorded"
        />
      )}
      {span.documents.length > 0 ? <Documents documents={span.documents} /> : null}
      {span.documents.length > 0 && span.kind === "RETRIEVER" ? null : (
        <Content
          title="Output"
          raw={span.outputs ?? span.tool_result}
          chat={hasOutputChat ? span.output_messages : undefined}
          emptyText={span.status === "error" ? "No output: the span failed" : "No output was recorded"}
        />
      )}
      {span.embeddings === null ? null : (
        <Section title="Embeddings">
          <Box>
            {plural(span.embeddings.count, "vector")}
            {span.embeddings.dimension === null ? "" : ` of ${span.embeddings.dimension} dimensions`}
          </Box>
        </Section>
      )}
      {span.tool_definitions.length > 0 ? (
        <Section title={plural(span.tool_definitions.length, "tool on offer", "tools on offer")}>
          <Box>
            <JsonView
              value={Object.fromEntries(
                span.tool_definitions.map((tool, index) => [isRecord(tool) && typeof tool["name"] === "string" ? tool["name"] : String(index), tool]),
              )}
            />
          </Box>
        </Section>
      ) : null}
      {Object.keys(span.params).length > 0 ? (
        <Section title="Parameters">
          <Box>
            <JsonView value={span.params} />
          </Box>
        </Section>
      ) : null}
      {span.prompt_template === null ? null : (
        <Section title={span.prompt === null ? "Prompt template" : `Prompt ${span.prompt}`}>
          <Box>
            <TextValue text={span.prompt_template} className="font-mono text-xs" />
            {Object.keys(span.prompt_variables).length > 0 ? <JsonView value={span.prompt_variables} /> : null}
          </Box>
        </Section>
      )}
    </>
  );
}

function Content({ title, raw, chat, emptyText }: { title: string; raw: unknown; chat: readonly unknown[] | undefined; emptyText: string }) {
  const [asText, setAsText] = useState(false);
  const value = raw ?? chat;
  const size = useMemo(() => approximateSize(value, MEASURE_LIMIT), [value]);
  if (value === null || value === undefined) {
    return (
      <Section title={title}>
        <p className="text-ink-3">{emptyText}</p>
      </Section>
    );
  }
  return (
    <Section
      title={title}
      actions={
        <>
          {size > LARGE_BYTES ? <span className="num text-xs text-ink-3">{formatBytes(size)}</span> : null}
          <div className="flex rounded-md bg-sunken p-0.5">
            {(["Pretty", "Raw"] as const).map((label) => (
              <button
                key={label}
                type="button"
                aria-pressed={asText === (label === "Raw")}
                onClick={() => setAsText(label === "Raw")}
                className="rounded-sm px-1.5 text-2xs leading-[18px] text-ink-3 aria-pressed:bg-raised aria-pressed:text-ink aria-pressed:shadow-sm"
              >
                {label}
              </button>
            ))}
          </div>
          {size > LARGE_BYTES ? (
            <IconButton
              label={`Download ${title.toLowerCase()}`}
              size="sm"
              onClick={() => downloadText(`${title.toLowerCase()}.json`, toText(value), "application/json")}
            >
              <Download />
            </IconButton>
          ) : (
            <LazyCopy value={value} label={`Copy ${title.toLowerCase()}`} />
          )}
        </>
      }
    >
      {asText ? (
        <RawText value={value} />
      ) : chat !== undefined ? (
        <MessageList messages={chat} />
      ) : (
        <Box>
          <Payload value={value} />
        </Box>
      )}
    </Section>
  );
}

function LazyCopy({ value, label }: { value: unknown; label: string }) {
  const text = useMemo(() => toText(value), [value]);
  return <CopyButton text={text} label={label} />;
}

function RawText({ value }: { value: unknown }) {
  const text = useMemo(() => toText(value), [value]);
  return (
    <Box>
      <TextValue text={text} className="font-mono text-xs" />
    </Box>
  );
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");
}

function Box({ children }: { children: ReactNode }) {
  return <div className="overflow-hidden rounded-lg border border-line bg-canvas px-3 py-2">{children}</div>;
}

function Documents({ documents }: { documents: readonly unknown[] }) {
  return (
    <Section title={plural(documents.length, "document")}>
      <ol className="flex flex-col gap-2">
        {documents.map((entry, index) => (
          <Document key={index} rank={index + 1} document={isRecord(entry) ? entry : { content: entry }} />
        ))}
      </ol>
    </Section>
  );
}

function Document({ rank, document }: { rank: number; document: Record<string, unknown> }) {
  const { id, content, score, metadata } = document;
  return (
    <li className="rounded-lg border border-line bg-canvas px-3 py-2">
      <div className="mb-1 flex items-center gap-2 text-xs">
        <span className="num flex size-4 items-center justify-center rounded-sm bg-hover text-2xs text-ink-3">{rank}</span>
        {typeof id === "string" ? <span className="truncate font-mono">{id}</span> : null}
        {typeof score === "number" ? (
          <span className="num ml-auto flex items-center gap-1.5 text-ink-2">
            <span aria-hidden className="h-1 w-14 overflow-hidden rounded-full bg-hover">
              <span data-kind="retriever" className="block h-full rounded-full bg-kind-bar" style={{ width: `${Math.min(1, Math.max(0, score)) * 100}%` }} />
            </span>
            {Math.round(score * 1000) / 1000}
          </span>
        ) : null}
      </div>
      {content === undefined || content === null ? null : <Payload value={content} />}
      {metadata === undefined || metadata === null ? null : <JsonView value={metadata} />}
    </li>
  );
}
