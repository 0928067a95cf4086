import type { SpanDetail } from "@telltale/model/api";
import { OctagonX } from "lucide-react";
import { CodeBlock } from "../../components/CopyButton.tsx";
import { TextValue } from "../../components/content/TextValue.tsx";

export interface ExceptionFacts {
  type: string | undefined;
  message: string | undefined;
  stacktrace: string | undefined;
}

/** OTel semantic conventions, "Exceptions": events named `exception`. */
export function readExceptions(span: SpanDetail): ExceptionFacts[] {
  const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
  return span.events
    .filter((event) => event.name === "exception")
    .map(({ attributes }) => ({
      type: text(attributes["exception.type"]),
      message: text(attributes["exception.message"]),
      stacktrace: text(attributes["exception.stacktrace"]),
    }));
}

export function ErrorsTab({ span }: { span: SpanDetail }) {
  const exceptions = readExceptions(span);
  const shown = exceptions.length > 0 ? exceptions : [{ type: span.error_type ?? undefined, message: span.status_message ?? undefined, stacktrace: undefined }];
  return (
    <div className="flex flex-col gap-4">
      {span.http_status === null ? null : <p className="num text-ink-2">HTTP status {span.http_status}</p>}
      {shown.map((exception, index) => (
        <article key={index} className="flex flex-col gap-2">
          <div className="flex gap-2.5 rounded-lg border border-error-line bg-error-soft px-3 py-2.5">
            <OctagonX className="mt-0.5 size-4 shrink-0 text-error" aria-hidden />
            <div className="min-w-0">
              <p className="font-medium break-words text-error">{exception.type ?? "Error"}</p>
              <div className="text-ink">
                {exception.message === undefined ? (
                  <span className="text-ink-2">The span failed without a message.</span>
                ) : (
                  <TextValue text={exception.message} />
                )}
              </div>
            </div>
          </div>
          {exception.stacktrace === undefined ? null : <CodeBlock code={exception.stacktrace.slice(0, 100_000)} label="Stack trace" />}
        </article>
      ))}
    </div>
  );
}
