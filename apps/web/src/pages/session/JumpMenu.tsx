import { useMutation } from "@tanstack/react-query";
import { Clock } from "lucide-react";
import { useState } from "react";
import { searchTraces } from "../../api/queries.ts";
import { positionAt, type SessionRef, turnPosition } from "../../api/sessions.ts";
import { Button } from "../../components/Button.tsx";
import { Popover } from "../../components/Popover.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { quoteValue } from "../../filter/clauses.ts";
import { formatCount } from "../../format/number.ts";
import { useZone } from "../../url/search.ts";

/** To a turn by its number, to a time, to the first failure. */
export function JumpMenu({ session, total, onJump }: { session: SessionRef; total: number; onJump: (position: number) => void }) {
  const [isOpen, setOpen] = useState(false);
  const [turn, setTurn] = useState("");
  const [time, setTime] = useState("");
  const zone = useZone();
  const go = (position: number | undefined): void => {
    if (position === undefined) return toast("There is no such turn");
    setOpen(false);
    onJump(position);
  };
  const find = useMutation({ mutationFn: (work: () => Promise<number | undefined>) => work(), onSuccess: go, onError: toastError });
  const toTime = (): void => {
    const date = new Date(zone === "utc" ? `${time}Z` : time);
    if (Number.isNaN(date.getTime())) return toast("That is not a time");
    find.mutate(() => positionAt(session, date.toISOString()));
  };
  const toError = async (): Promise<number | undefined> => {
    const { data } = await searchTraces({
      ...(session.project === undefined ? {} : { project_ids: [session.project] }),
      filter: `session = ${quoteValue(session.id)} AND status = 'ERROR'`,
      order_by: ["timestamp_ms ASC"],
      limit: 1,
    });
    return data[0] === undefined ? undefined : turnPosition(session, data[0].trace_id);
  };
  const field = "num h-8 min-w-0 grow rounded-md border border-line-strong bg-surface px-2";
  return (
    <Popover
      label="Go to a turn"
      align="end"
      open={isOpen}
      onOpenChange={setOpen}
      className="w-72 p-3"
      trigger={
        <Button size="sm">
          <Clock /> Go to
        </Button>
      }
    >
      <div className="flex flex-col gap-2.5">
        <form
          className="flex items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            const number = Number(turn);
            go(Number.isInteger(number) && number >= 1 && number <= total ? number - 1 : undefined);
          }}
        >
          <label className="flex min-w-0 grow flex-col gap-1 text-xs text-ink-3">
            Turn (1 to {formatCount(total)})
            <input inputMode="numeric" value={turn} onChange={(event) => setTurn(event.target.value)} className={field} />
          </label>
          <Button type="submit" disabled={turn === ""}>
            Go
          </Button>
        </form>
        <form
          className="flex items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            toTime();
          }}
        >
          <label className="flex min-w-0 grow flex-col gap-1 text-xs text-ink-3">
            Time{zone === "utc" ? " (UTC)" : ""}
            <input type="datetime-local" step="1" value={time} onChange={(event) => setTime(event.target.value)} className={field} />
          </label>
          <Button type="submit" disabled={time === "" || find.isPending}>
            Go
          </Button>
        </form>
        <div className="flex flex-wrap gap-2">
          <Button size="sm" onClick={() => go(0)}>
            First
          </Button>
          <Button size="sm" onClick={() => go(total - 1)}>
            Last
          </Button>
          <Button size="sm" disabled={find.isPending} onClick={() => find.mutate(toError)}>
            First error
          </Button>
        </div>
      </div>
    </Popover>
  );
}
