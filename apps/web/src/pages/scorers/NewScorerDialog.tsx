import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ScorerDefinitionIn } from "@telltale/model/api";
import { useEffect, useRef, useState } from "react";
import { projectsQuery } from "../../api/queries.ts";
import { builtInScorersQuery, registerScorer, scorersQuery, startScorer, tryScorer } from "../../api/scorers.ts";
import { Button } from "../../components/Button.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { Choices, Field, fieldLook, Select } from "../../components/form.tsx";
import { toast } from "../../components/toast.tsx";
import { filterMistake } from "../dashboards/filter-mistake.ts";
import { BuiltInFields } from "./BuiltInFields.tsx";
import { CodeFields } from "./CodeFields.tsx";
import { JudgeFields } from "./JudgeFields.tsx";
import { ModelField } from "./ModelField.tsx";
import { RunFields } from "./RunFields.tsx";
import { asksModel, definitionOf, nameFor, newDraft, newRun, runOf, type RunDraft, type ScorerDraft } from "./scorer-draft.ts";
import { summariseTry } from "./scorer-text.ts";
import { TryPanel } from "./TryPanel.tsx";
import { useScorersRefresh } from "./use-scorer-actions.ts";

/** Makes a scorer: what it is, what it says of twenty traces, and how it runs. */
export function NewScorerDialog({ project, onClose }: { project: string | undefined; onClose: () => void }) {
  const navigate = useNavigate();
  const refresh = useScorersRefresh();
  const projects = useQuery(projectsQuery).data ?? [];
  const builtIns = useQuery(builtInScorersQuery).data ?? [];
  const [projectId, setProjectId] = useState(project ?? "0");
  const existing = useQuery(scorersQuery(projectId)).data ?? [];
  const [draft, setDraft] = useState<ScorerDraft>(newDraft);
  const [run, setRun] = useState<RunDraft>(newRun);
  const [isTried, setTried] = useState(false);
  const set = (change: Partial<ScorerDraft>): void => setDraft((now) => ({ ...now, ...change }));

  const made = definitionOf(draft, builtIns);
  const running = runOf(run);
  const mistake = filterMistake(run.filter);
  const name = draft.name.trim();
  const before = existing.find((scorer) => scorer.name === name);
  const costs = asksModel(draft, builtIns);
  const key = JSON.stringify([made, run.filter, projectId]);

  // Twenty questions to a model are not paid for when nobody waits for the answers.
  const asking = useRef<AbortController>(undefined);
  useEffect(() => () => asking.current?.abort(), []);
  const trial = useMutation({
    mutationFn: async ({ definition }: { definition: ScorerDefinitionIn; key: string }) => {
      asking.current = new AbortController();
      const filter = run.filter.trim();
      const where = { name: name === "" ? "trial" : name, project_id: projectId };
      return tryScorer(where, { definition, ...(filter === "" ? {} : { filter }) }, asking.current.signal);
    },
  });
  const summary = trial.data === undefined ? undefined : summariseTry(trial.data.data, costs);
  const isOutdated = trial.variables !== undefined && trial.variables.key !== key;

  const problem = name === "" ? "Give it a name: its scores stand under it" : "problem" in made ? made.problem : (mistake?.message ?? undefined);
  const save = useMutation({
    mutationFn: async (starts: boolean) => {
      if ("problem" in made) throw new Error(made.problem);
      if (starts && "problem" in running) throw new Error(running.problem);
      const saved = await registerScorer({ name, project_id: projectId, definition: made.definition });
      return starts && "run" in running ? startScorer(saved, running.run) : saved;
    },
    onSuccess: async (saved, starts) => {
      toast(starts ? `${saved.name} scores new traces from now on` : `${saved.name} is saved; it does not run yet`);
      onClose();
      await refresh();
      await navigate({ to: "/scorers/$name", params: { name: saved.name }, search: (previous) => ({ ...previous, project: saved.project_id }) as never });
    },
    // It may have been saved and only not been started: the list says so.
    onError: () => void refresh(),
  });
  const submit = (starts: boolean): void => {
    setTried(true);
    if (problem === undefined) save.mutate(starts);
  };
  const said = isTried && problem !== undefined ? problem : save.error?.message;
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title="New scorer"
      className="top-[5vh]! max-h-[90vh]! max-w-5xl! max-md:top-3! max-md:max-h-[96vh]!"
    >
      <form
        className="flex min-h-0 flex-col"
        // What is missing is said in a sentence of ours, the same in every browser.
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit(true);
        }}
      >
        <div className="grid min-h-0 gap-x-6 gap-y-4 overflow-y-auto px-4 pb-4 md:grid-cols-2">
          <div className="flex min-w-0 flex-col gap-3.5">
            <Choices
              label="It is"
              name="scorer-kind"
              value={draft.kind}
              options={[
                ["builtin", "Built-in"],
                ["judge", "My own judge"],
                ["code", "Code"],
              ]}
              onChange={(kind) => set({ kind, ...(draft.name === nameFor(draft.className) ? { name: "" } : {}) })}
            />
            {draft.kind === "builtin" ? <BuiltInFields draft={draft} onChange={set} /> : null}
            {draft.kind === "judge" ? <JudgeFields draft={draft} onChange={set} /> : null}
            {draft.kind === "code" ? <CodeFields draft={draft} onChange={set} /> : null}
            {costs ? <ModelField value={draft.model} onChange={(model) => set({ model })} /> : null}
            <Field
              label="Name"
              hint={
                before === undefined
                  ? "Its scores stand under it, and are found as feedback.<name>."
                  : `${name} exists: this becomes its version ${before.version + 1}.`
              }
            >
              <input
                className={fieldLook}
                value={draft.name}
                maxLength={250}
                required
                spellCheck={false}
                autoComplete="off"
                placeholder="polite"
                onChange={(event) => set({ name: event.target.value })}
              />
            </Field>
            {project === undefined ? (
              <Select label="Project" value={projectId} options={projects.map(({ id, name: label }) => ({ value: id, label }))} onChange={setProjectId} />
            ) : null}
            <div className="border-t border-line pt-3.5">
              <RunFields
                draft={run}
                onChange={(change) => setRun({ ...run, ...change })}
                projectId={projectId}
                costs={costs}
                usdPer1000={summary?.usdPer1000}
              />
            </div>
          </div>
          <TryPanel
            results={trial.data?.data}
            summary={summary}
            isPending={trial.isPending}
            error={trial.error}
            problem={"problem" in made ? made.problem : mistake?.message}
            isOutdated={isOutdated}
            onTry={() => "definition" in made && trial.mutate({ definition: made.definition, key })}
          />
        </div>
        <footer className="flex shrink-0 flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3">
          {said === undefined ? null : (
            <p role="alert" className="mr-auto min-w-0 text-xs break-words text-error max-md:basis-full">
              {said}
            </p>
          )}
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={save.isPending} onClick={() => submit(false)}>
            Save only
          </Button>
          <Button type="submit" variant="primary" disabled={save.isPending}>
            Save and start
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
