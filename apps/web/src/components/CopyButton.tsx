import { clsx } from "clsx";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { toast } from "./toast.tsx";
import { ScrollRegion } from "./ScrollRegion.tsx";

/** Copies, and says so; where the clipboard is refused (plain http on another host) the fallback is a selection the browser still copies. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.cssText = "position:fixed;opacity:0";
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (!copied) toast("The browser refused access to the clipboard", "error");
    return copied;
  }
}

/** Flips to a tick for a moment after copying. */
export function useCopied(): [boolean, (text: string) => void] {
  const [copied, setCopied] = useState(false);
  const copy = (text: string): void => {
    void copyText(text).then((done) => {
      if (!done) return;
      setCopied(true);
      setTimeout(() => setCopied(false), 1_400);
    });
  };
  return [copied, copy];
}

export function CopyButton({ text, label, className }: { text: string; label: string; className?: string }) {
  const [copied, copy] = useCopied();
  return (
    <button
      type="button"
      aria-label={copied ? "Copied" : label}
      title={copied ? "Copied" : label}
      onClick={(event) => {
        event.stopPropagation();
        copy(text);
      }}
      className={clsx("inline-flex size-6 shrink-0 items-center justify-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink", className)}
    >
      {copied ? <Check className="size-3.5 text-ok" /> : <Copy className="size-3.5" />}
    </button>
  );
}

/** Code to paste elsewhere. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <div className="group relative overflow-hidden rounded-md border border-line bg-sunken">
      <ScrollRegion label={label} className="focus-inset overflow-x-auto px-3 py-2.5 pr-10">
        <pre className="font-mono text-xs leading-relaxed text-ink">{code}</pre>
      </ScrollRegion>
      <CopyButton text={code} label="Copy" className="absolute top-1.5 right-1.5 bg-sunken" />
    </div>
  );
}
