import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { TraceSummary } from "@telltale/model/api";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { Button } from "../../components/Button.tsx";
import { Popover } from "../../components/Popover.tsx";
import { toastError } from "../../components/toast.tsx";

/** Tags that clients write for themselves are shown under Details, not here. */
function isOwnTag(key: string): boolean {
  return !key.startsWith("mlflow.");
}

/** Labels and tags, editable in place. */
export function TraceTags({ trace }: { trace: TraceSummary }) {
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const change = useMutation({
    mutationFn: (tags: Record<string, string | null>) => call(`/traces/${trace.trace_id}/tags`, { method: "PATCH", body: { tags } }),
    onSuccess: async () => {
      setOpen(false);
      await Promise.all([client.invalidateQueries({ queryKey: ["trace", trace.trace_id] }), client.invalidateQueries({ queryKey: ["traces"] })]);
    },
    onError: toastError,
  });
  const tags = Object.entries(trace.tags).filter(([key]) => isOwnTag(key));
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-1">
      {trace.labels.map((label) => (
        <span key={label} className="rounded-sm bg-accent-soft px-1.5 text-xs leading-5 text-accent-ink">
          {label}
        </span>
      ))}
      {tags.map(([key, value]) => (
        <span key={key} className="group inline-flex max-w-64 items-center rounded-sm bg-hover pl-1.5 text-xs leading-5">
          <span className="text-ink-3">{key}</span>
          <span className="ml-1 truncate pr-1.5" title={value}>
            {value}
          </span>
          <button
            type="button"
            aria-label={`Remove the tag ${key}`}
            disabled={change.isPending}
            onClick={() => change.mutate({ [key]: null })}
            className="-ml-1 hidden size-5 items-center justify-center rounded-sm text-ink-3 group-hover:flex group-focus-within:flex hover:bg-pressed hover:text-ink"
          >
            <X className="size-3" />
          </button>
        </span>
      ))}
      <Popover
        label="Add a tag"
        open={open}
        onOpenChange={setOpen}
        className="w-64 p-3"
        trigger={
          <button type="button" className="inline-flex items-center gap-0.5 rounded-sm px-1 text-xs leading-5 text-ink-3 hover:bg-hover hover:text-ink">
            <Plus className="size-3" aria-hidden /> Tag
          </button>
        }
      >
        <TagForm isPending={change.isPending} onSave={(key, value) => change.mutate({ [key]: value })} />
      </Popover>
    </span>
  );
}

function TagForm({ isPending, onSave }: { isPending: boolean; onSave: (key: string, value: string) => void }) {
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const field = "h-8 w-full rounded-md border border-line-strong bg-surface px-2.5";
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(key.trim(), value);
      }}
    >
      <input
        autoFocus
        required
        aria-label="Key"
        placeholder="Key"
        maxLength={250}
        value={key}
        onChange={(event) => setKey(event.target.value)}
        className={field}
      />
      <input aria-label="Value" placeholder="Value" maxLength={8000} value={value} onChange={(event) => setValue(event.target.value)} className={field} />
      <Button type="submit" size="sm" variant="primary" disabled={isPending || key.trim() === ""}>
        Set the tag
      </Button>
    </form>
  );
}
