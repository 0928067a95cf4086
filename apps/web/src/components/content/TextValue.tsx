import { clsx } from "clsx";
import { useState } from "react";
import { formatBytes } from "../../format/number.ts";
import { downloadText } from "../download.ts";
import { parseBlobRef } from "./blob-ref.ts";
import { BlobView } from "./BlobView.tsx";

/** Characters shown at first, and by each "more": layout of much longer text would hold up the page. */
const FIRST = 4_000;
const STEP = 40_000;
/** Beyond this the rest is only offered as a file. */
const MAX_SHOWN = 400_000;

/** Text of a trace: always text, never markup; long text in parts. */
export function TextValue({ text, className }: { text: string; className?: string }) {
  const [shown, setShown] = useState(FIRST);
  const blob = parseBlobRef(text);
  if (blob !== undefined) return <BlobView blob={blob} />;
  if (text.length <= FIRST)
    return <span className={clsx("min-w-0 break-words whitespace-pre-wrap", className)}>{text === "" ? <span className="text-ink-3">""</span> : text}</span>;
  const rest = text.length - Math.min(shown, text.length);
  return (
    <span className="block min-w-0">
      <span className={clsx("break-words whitespace-pre-wrap", className)}>{text.slice(0, shown)}</span>
      <span className="my-1 flex flex-wrap items-center gap-2 font-sans text-xs">
        {rest > 0 && shown < MAX_SHOWN ? (
          <button type="button" onClick={() => setShown(shown + STEP)} className="rounded-sm bg-hover px-1.5 py-0.5 text-accent-ink hover:bg-pressed">
            Show more
          </button>
        ) : null}
        {rest > 0 ? <span className="num text-ink-3">{formatBytes(rest)} left</span> : null}
        <button type="button" onClick={() => downloadText("value.txt", text)} className="rounded-sm px-1.5 py-0.5 text-accent-ink hover:bg-hover">
          Download all {formatBytes(text.length)}
        </button>
      </span>
    </span>
  );
}
