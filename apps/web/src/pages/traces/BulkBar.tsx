import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { TraceSummary } from "@telltale/model/api";
import { ClipboardCopy, Download, Tag, Trash2, X } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { Button, IconButton } from "../../components/Button.tsx";
import { copyText } from "../../components/CopyButton.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { downloadJson } from "../../components/download.ts";
import { quoteValue } from "../../filter/clauses.ts";
import { plural } from "../../format/number.ts";
import { toast, toastError } from "../../components/toast.tsx";

/** Enough requests at once to be quick, few enough to leave the server to others. */
const PARALLEL = 4;

export interface BulkBarProps {
  traces: readonly TraceSummary[];
  onClear: () => void;
  onChanged: () => void;
}

/** What can be done with the ticked traces. */
export function BulkBar({ traces, onClear, onChanged }: BulkBarProps) {
  const [dialog, setDialog] = useState<"delete" | "tag" | undefined>();
  const count = plural(traces.length, "trace");
  const remove = useMutation({
    mutationFn: () =>
      call("/traces/delete", { method: "POST", body: { filter: `trace_id IN (${traces.map((trace) => quoteValue(trace.trace_id)).join(", ")})` } }),
    onSuccess: () => {
      toast(`${count} deleted`);
      setDialog(undefined);
      onChanged();
    },
    onError: toastError,
  });
  return (
    <div
      role="toolbar"
      aria-label="Selected traces"
      className="pop absolute bottom-4 left-1/2 z-20 flex max-w-[calc(100%-16px)] -translate-x-1/2 items-center gap-1 rounded-lg border border-line-strong bg-raised p-1 pl-3 shadow-lg"
    >
      <span className="num mr-1 font-medium whitespace-nowrap">{count}</span>
      <Button
        variant="ghost"
        size="sm"
        onClick={() => void copyText(traces.map((trace) => trace.trace_id).join("\n")).then((done) => done && toast(`${plural(traces.length, "id")} copied`))}
      >
        <ClipboardCopy /> Copy ids
      </Button>
      <Button variant="ghost" size="sm" onClick={() => downloadJson(`traces-${traces.length}.json`, traces)}>
        <Download /> Export
      </Button>
      <Button variant="ghost" size="sm" onClick={() => setDialog("tag")}>
        <Tag /> Tag
      </Button>
      <Button variant="ghost" size="sm" className="text-error! hover:bg-error-soft!" onClick={() => setDialog("delete")}>
        <Trash2 /> Delete
      </Button>
      <IconButton label="Clear the selection (Esc)" size="sm" onClick={onClear}>
        <X />
      </IconButton>
      <Dialog
        open={dialog === "delete"}
        onOpenChange={() => setDialog(undefined)}
        title={`Delete ${count}?`}
        description="Their spans, content and feedback go with them. This cannot be undone."
      >
        <footer className="flex justify-end gap-2 p-4 pt-2">
          <Button onClick={() => setDialog(undefined)}>Keep</Button>
          <Button variant="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
            {remove.isPending ? "Deleting…" : `Delete ${count}`}
          </Button>
        </footer>
      </Dialog>
      <TagDialog open={dialog === "tag"} traces={traces} onClose={() => setDialog(undefined)} onChanged={onChanged} />
    </div>
  );
}

function TagDialog({ open, traces, onClose, onChanged }: { open: boolean; traces: readonly TraceSummary[]; onClose: () => void; onChanged: () => void }) {
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const [done, setDone] = useState(0);
  const client = useQueryClient();
  const tag = useMutation({
    mutationFn: async () => {
      setDone(0);
      const queue = [...traces];
      const work = async (): Promise<void> => {
        for (let trace = queue.pop(); trace !== undefined; trace = queue.pop()) {
          await call(`/traces/${trace.trace_id}/tags`, { method: "PATCH", body: { tags: { [key.trim()]: value } } });
          setDone((before) => before + 1);
        }
      };
      await Promise.all(Array.from({ length: PARALLEL }, work));
    },
    onSuccess: async () => {
      toast(`${plural(traces.length, "trace")} tagged`);
      await client.invalidateQueries({ queryKey: ["trace"] });
      onClose();
      onChanged();
    },
    onError: toastError,
  });
  const field = "h-8 w-full rounded-md border border-line-strong bg-surface px-2.5";
  return (
    <Dialog open={open} onOpenChange={onClose} title={`Tag ${plural(traces.length, "trace")}`}>
      <form
        className="flex flex-col gap-3 p-4 pt-1"
        onSubmit={(event) => {
          event.preventDefault();
          tag.mutate();
        }}
      >
        <label className="flex flex-col gap-1">
          <span className="text-xs text-ink-3">Key</span>
          <input autoFocus required maxLength={250} value={key} onChange={(event) => setKey(event.target.value)} className={field} placeholder="team" />
        </label>
        <label className="flex flex-col gap-1">
          <span className="text-xs text-ink-3">Value</span>
          <input maxLength={8000} value={value} onChange={(event) => setValue(event.target.value)} className={field} placeholder="care" />
        </label>
        <footer className="flex items-center justify-end gap-2 pt-1">
          {tag.isPending ? (
            <span className="num mr-auto text-ink-3">
              {done} of {traces.length}
            </span>
          ) : null}
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={tag.isPending || key.trim() === ""}>
            Set the tag
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
