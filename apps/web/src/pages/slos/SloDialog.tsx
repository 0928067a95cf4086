import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { NewSlo, SloOut } from "@telltale/model/api";
import { clsx } from "clsx";
import { useState, type ReactNode } from "react";
import { projectsQuery } from "../../api/queries.ts";
import { changeSlo, createSlo } from "../../api/slos.ts";
import { Button } from "../../components/Button.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { FormFooter } from "../../components/FormFooter.tsx";
import { toast } from "../../components/toast.tsx";
import { useShellSearch } from "../../url/search.ts";
import { SloPreview } from "./SloPreview.tsx";
import { draftOf, newDraft, objectiveOf, sloOf, thresholdOf, type SloDraft } from "./slo-draft.ts";
import { indicatorNames } from "./slo-text.ts";

const field = "h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-sm outline-offset-0 focus:border-accent";
const targets = [
  ["p50", "50"],
  ["p95", "95"],
  ["p99", "99"],
] as const;

/** Makes an objective, or changes one; says meanwhile what it would have said of the past. */
export function SloDialog({ slo, onClose }: { slo?: SloOut; onClose: () => void }) {
  const { project } = useShellSearch();
  const projects = useQuery(projectsQuery);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<SloDraft>(() => (slo === undefined ? newDraft(project) : draftOf(slo)));
  const set = (change: Partial<SloDraft>): void => setDraft({ ...draft, ...change });
  const whole = sloOf(draft);
  const save = useMutation({
    mutationFn: (fields: NewSlo) => (slo === undefined ? createSlo(fields) : changeSlo(slo.id, fields)),
    onSuccess: async (saved) => {
      queries.setQueryData(["slo", saved.id], saved);
      await queries.invalidateQueries({ queryKey: ["slos"] });
      toast(slo === undefined ? `${saved.name} is watched from now on` : `${saved.name} is changed`);
      onClose();
      if (slo === undefined) await navigate({ to: "/slos/$sloId", params: { sloId: saved.id } });
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={slo === undefined ? "New SLO" : "Change SLO"}
      className="max-w-2xl! max-md:top-4! max-md:max-h-[94vh]!"
    >
      <form
        className="flex min-h-0 flex-col"
        onSubmit={(event) => {
          event.preventDefault();
          if (whole !== undefined) save.mutate(whole);
        }}
      >
        <div className="grid min-h-0 gap-x-4 gap-y-3.5 overflow-y-auto px-4 pb-4 sm:grid-cols-2">
          <Field label="Name" className="sm:col-span-2">
            <input
              className={field}
              value={draft.name}
              maxLength={200}
              required
              autoFocus
              placeholder="Checkout answers in time"
              onChange={(event) => set({ name: event.target.value })}
            />
          </Field>
          <Field label="Traces of">
            <select
              className={field}
              value={draft.projectId ?? ""}
              onChange={(event) => set({ projectId: event.target.value === "" ? null : event.target.value })}
            >
              <option value="">All projects</option>
              {(projects.data ?? []).map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </Field>
          <Field label="That match (a filter; empty: all)">
            <input
              className={clsx(field, "font-mono text-xs!")}
              value={draft.filter}
              maxLength={20_000}
              spellCheck={false}
              autoComplete="off"
              placeholder="name = 'checkout'"
              onChange={(event) => set({ filter: event.target.value })}
            />
          </Field>
          <fieldset className="sm:col-span-2">
            <legend className="mb-1 text-xs text-ink-2">Are good by their</legend>
            <div className="flex flex-wrap gap-1.5">
              {(Object.keys(indicatorNames) as SloDraft["kind"][]).map((kind) => (
                <Choice key={kind} name="indicator" checked={draft.kind === kind} onChange={() => set({ kind })}>
                  {indicatorNames[kind]}
                </Choice>
              ))}
            </div>
          </fieldset>
          {draft.kind === "error_rate" ? null : (
            <Field label="Not above (milliseconds)">
              <input
                className={clsx(field, "num")}
                value={draft.thresholdMs}
                inputMode="decimal"
                required
                placeholder="2000"
                onChange={(event) => set({ thresholdMs: event.target.value })}
              />
            </Field>
          )}
          <Field label="For this share of them (percent)">
            <span className="flex gap-1.5">
              <input
                className={clsx(field, "num")}
                value={draft.target}
                inputMode="decimal"
                required
                onChange={(event) => set({ target: event.target.value })}
              />
              {draft.kind === "error_rate"
                ? null
                : targets.map(([name, percent]) => (
                    <Button
                      key={name}
                      size="md"
                      variant="ghost"
                      aria-pressed={draft.target === percent}
                      className="px-2!"
                      onClick={() => set({ target: percent })}
                    >
                      {name}
                    </Button>
                  ))}
            </span>
          </Field>
          <fieldset className="sm:col-span-2">
            <legend className="mb-1 text-xs text-ink-2">Over the last</legend>
            <div className="flex gap-1.5">
              {([7, 28, 30] as const).map((windowDays) => (
                <Choice key={windowDays} name="window" checked={draft.windowDays === windowDays} onChange={() => set({ windowDays })}>
                  {windowDays} days
                </Choice>
              ))}
            </div>
          </fieldset>
          <Field label="Why it matters (optional)" className="sm:col-span-2">
            <input className={field} value={draft.description} maxLength={2_000} onChange={(event) => set({ description: event.target.value })} />
          </Field>
          <SloPreview
            objective={objectiveOf(draft)}
            hasThreshold={draft.kind === "error_rate" || thresholdOf(draft) !== undefined}
            onThreshold={(ms) => set({ thresholdMs: String(ms) })}
          />
        </div>
        <FormFooter
          problem={save.error?.message}
          action={slo === undefined ? "Create" : "Save"}
          isDisabled={whole === undefined || save.isPending}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}

function Field({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    <label className={clsx("block min-w-0", className)}>
      <span className="mb-1 block text-xs text-ink-2">{label}</span>
      {children}
    </label>
  );
}

function Choice({ name, checked, onChange, children }: { name: string; checked: boolean; onChange: () => void; children: ReactNode }) {
  return (
    <label
      className={clsx(
        "flex h-8 cursor-pointer items-center rounded-md border px-2.5 has-focus-visible:outline-2 has-focus-visible:outline-ring",
        checked ? "border-accent bg-accent-soft text-accent-ink" : "border-line-strong hover:bg-hover",
      )}
    >
      <input type="radio" name={name} checked={checked} onChange={onChange} className="sr-only" />
      {children}
    </label>
  );
}
