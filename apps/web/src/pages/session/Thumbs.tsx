import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { SessionTurn } from "@telltale/model/api";
import { clsx } from "clsx";
import { ThumbsDown, ThumbsUp } from "lucide-react";
import { giveThumb, type SessionRef, THUMB_NAME } from "../../api/sessions.ts";
import { IconButton } from "../../components/Button.tsx";
import { useStoredState } from "../../components/stored-state.ts";
import { toast, toastError } from "../../components/toast.tsx";

/** One's own verdict on a turn; another press turns it. */
export function Thumbs({ turn, session }: { turn: SessionTurn; session: SessionRef }) {
  const queries = useQueryClient();
  const [author] = useStoredState("telltale.author", "", (stored) => (typeof stored === "string" ? stored : undefined));
  const me = author.trim() === "" ? "web" : author.trim();
  const own = turn.assessments.find(({ name, source, valid }) => valid && name === THUMB_NAME && source.type === "HUMAN" && source.id === me);
  const give = useMutation({
    mutationFn: (value: boolean) => giveThumb(turn.trace_id, me, value, own),
    onSuccess: async () => {
      toast("Feedback given");
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["session", session.id] }),
        queries.invalidateQueries({ queryKey: ["trace", turn.trace_id] }),
        queries.invalidateQueries({ queryKey: ["traces"] }),
      ]);
    },
    onError: toastError,
  });
  const button = (value: boolean) => (
    <IconButton
      label={`Turn ${turn.position + 1}: ${value ? "good" : "bad"}`}
      size="sm"
      aria-pressed={own?.value === value}
      disabled={give.isPending}
      onClick={() => give.mutate(value)}
      className={clsx(own?.value === value && (value ? "text-ok!" : "text-error!"))}
    >
      {value ? <ThumbsUp /> : <ThumbsDown />}
    </IconButton>
  );
  return (
    <span className="flex">
      {button(true)}
      {button(false)}
    </span>
  );
}
