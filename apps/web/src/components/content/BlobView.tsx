import { Download, FileText, ImageOff } from "lucide-react";
import { useState } from "react";
import { formatBytes } from "../../format/number.ts";
import { blobUrl, isPicture, type BlobRef } from "./blob-ref.ts";

/** A picture, a player or a download: whatever the content is. */
export function BlobView({ blob }: { blob: BlobRef }) {
  const [failed, setFailed] = useState(false);
  const url = blobUrl(blob.hash);
  const size = blob.sizeBytes === undefined ? "" : formatBytes(blob.sizeBytes);
  if (isPicture(blob.contentType) && !failed) {
    return (
      <a href={url} target="_blank" rel="noreferrer" className="inline-block max-w-full">
        <img
          src={url}
          alt={`Attached ${blob.contentType} ${size}`}
          loading="lazy"
          onError={() => setFailed(true)}
          className="max-h-80 max-w-full rounded-md border border-line bg-sunken object-contain"
        />
      </a>
    );
  }
  if (blob.contentType.startsWith("audio/") && !failed)
    return <audio controls preload="none" src={url} onError={() => setFailed(true)} className="h-9 max-w-full" aria-label="Attached sound" />;
  return (
    <a href={url} download className="inline-flex max-w-full items-center gap-2 rounded-md border border-line bg-surface px-2.5 py-1.5 text-xs hover:bg-hover">
      {failed ? <ImageOff className="size-4 shrink-0 text-ink-3" aria-hidden /> : <FileText className="size-4 shrink-0 text-ink-3" aria-hidden />}
      <span className="truncate">{blob.contentType}</span>
      <span className="num text-ink-3">{size}</span>
      <Download className="size-3.5 shrink-0 text-ink-3" aria-hidden />
    </a>
  );
}
