import { clsx } from "clsx";
import { useState } from "react";
import { formatBytes } from "../../format/number.ts";
import { downloadText } from "../download.ts";
import { blobUrl, parseBlobRef, parseCut, type CutText } from "./blob-ref.ts";
import { BlobView } from "./BlobView.tsx";
import { readTextPart } from "./read-text-part.ts";

/** Characters shown at first, and by each "more": layout of much longer text would hold up the page. */
const FIRST = 4_000;
const STEP = 40_000;
/** Beyond this the rest is only offered as a file. */
const MAX_SHOWN = 400_000;

/** Text of a trace: always text, never markup; long text in parts, and text that was moved out of the span from where it is. */
export function TextValue({ text, className }: { text: string; className?: string }) {
  const blob = parseBlobRef(text);
  if (blob !== undefined) return <BlobView blob={blob} />;
  if (text === "") return <span className="text-ink-3">""</span>;
  const cut = parseCut(text);
  if (cut === undefined && text.length <= FIRST) return <span className={clsx("min-w-0 break-words whitespace-pre-wrap", className)}>{text}</span>;
  return <LongText text={cut?.text ?? text} cut={cut} className={className} />;
}

function LongText({ text, cut, className }: { text: string; cut: CutText | undefined; className: string | undefined }) {
  const [shown, setShown] = useState(FIRST);
  const [fetched, setFetched] = useState<string | undefined>();
  const [state, setState] = useState<"idle" | "loading" | "failed">("idle");
  const known = fetched ?? text;
  const total = cut?.totalChars ?? text.length;
  const visible = Math.min(shown, known.length);
  const more = async (): Promise<void> => {
    if (shown + STEP > known.length && cut !== undefined && fetched === undefined) {
      setState("loading");
      try {
        setFetched(await readTextPart(blobUrl(cut.blob.hash), MAX_SHOWN));
        setState("idle");
      } catch {
        return setState("failed");
      }
    }
    setShown(shown + STEP);
  };
  const action = "rounded-sm px-1.5 py-0.5 text-accent-ink hover:bg-hover disabled:opacity-50";
  return (
    <span className="block min-w-0">
      <span className={clsx("break-words whitespace-pre-wrap", className)}>{known.slice(0, visible)}</span>
      <span className="my-1 flex flex-wrap items-center gap-2 font-sans text-xs">
        <span className="num text-ink-3">{visible < total ? `${formatBytes(visible)} of ${formatBytes(total)}` : formatBytes(total)}</span>
        {visible < total && shown < MAX_SHOWN ? (
          <button type="button" disabled={state === "loading"} onClick={() => void more()} className={clsx(action, "bg-hover")}>
            {state === "loading" ? "Loading…" : "Show more"}
          </button>
        ) : null}
        {cut === undefined ? (
          <button type="button" onClick={() => downloadText("value.txt", text)} className={action}>
            Download all
          </button>
        ) : (
          <a href={blobUrl(cut.blob.hash)} download="value.txt" className={action}>
            Download all
          </a>
        )}
        {state === "failed" ? <span className="text-error">The rest could not be read</span> : null}
      </span>
    </span>
  );
}
