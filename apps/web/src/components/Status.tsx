import { clsx } from "clsx";
import { Circle, CircleCheck, CircleDotDashed, OctagonX, type LucideIcon } from "lucide-react";

type Status = "ok" | "error" | "unset" | "in_progress";

const looks: Record<Status, { label: string; icon: LucideIcon; tone: string }> = {
  ok: { label: "OK", icon: CircleCheck, tone: "text-ok" },
  error: { label: "Error", icon: OctagonX, tone: "text-error" },
  in_progress: { label: "In progress", icon: CircleDotDashed, tone: "text-busy" },
  unset: { label: "No status", icon: Circle, tone: "text-ink-faint" },
};

/** Shape and colour both tell: a tick in a circle, a cross in an octagon, a dashed ring, an empty ring. */
export function StatusIcon({ status, className }: { status: Status; className?: string }) {
  const { label, icon: Icon, tone } = looks[status];
  return <Icon role="img" aria-label={label} className={clsx("size-4 shrink-0", tone, className)} strokeWidth={2} />;
}

export function StatusBadge({ status }: { status: Status }) {
  const { label, icon: Icon, tone } = looks[status];
  const ground = { ok: "bg-ok-soft", error: "bg-error-soft", in_progress: "bg-busy-soft", unset: "bg-hover" }[status];
  return (
    <span
      className={clsx("inline-flex items-center gap-1 rounded-full py-0.5 pr-2 pl-1.5 text-xs font-medium", ground, status === "unset" ? "text-ink-3" : tone)}
    >
      <Icon className="size-3.5" aria-hidden />
      {label}
    </span>
  );
}
