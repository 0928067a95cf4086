import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { projectsQuery } from "../../api/queries.ts";
import { Button } from "../../components/Button.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { QueryBar } from "../../components/QueryBar.tsx";
import { filterMistake } from "./filter-mistake.ts";
import { Field, FieldGroup, fieldLook, Select } from "../../components/form.tsx";
import { timeOf, timeOptions, timeValue } from "./time-choice.ts";
import type { Editable } from "./use-draft.ts";

type Settings = Omit<Editable, "tiles">;

const refreshes = [
  { value: "", label: "Only when asked to" },
  { value: "10", label: "Every 10 seconds" },
  { value: "30", label: "Every 30 seconds" },
  { value: "60", label: "Every minute" },
  { value: "300", label: "Every 5 minutes" },
  { value: "3600", label: "Every hour" },
];

/** What all tiles of a dashboard have in common. */
export function SettingsDialog({ settings, onDone, onClose }: { settings: Settings; onDone: (settings: Settings) => void; onClose: () => void }) {
  const [now, setNow] = useState<Settings>(() => {
    const { name, description, project_id, time, filter, refresh_s } = settings;
    return { name, description, project_id, time, filter, refresh_s };
  });
  const projects = useQuery(projectsQuery).data ?? [];
  const set = (next: Partial<Settings>): void => setNow({ ...now, ...next });
  const mistake = filterMistake(now.filter);
  return (
    <Dialog open onOpenChange={onClose} title="Settings of the dashboard">
      <form
        className="flex min-h-0 flex-col gap-3 overflow-y-auto px-4 pt-1 pb-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (mistake === undefined) onDone({ ...now, name: now.name.trim(), description: now.description.trim() });
        }}
      >
        <Field label="Name">
          <input className={fieldLook} value={now.name} maxLength={200} required onChange={(event) => set({ name: event.target.value })} />
        </Field>
        <Field label="Description">
          <textarea
            className="min-h-16 rounded-md border border-line-strong bg-surface px-2.5 py-1.5 shadow-sm"
            value={now.description}
            maxLength={2000}
            onChange={(event) => set({ description: event.target.value })}
          />
        </Field>
        <Select
          label="Project"
          value={now.project_id ?? ""}
          options={[{ value: "", label: "Whichever its reader has chosen" }, ...projects.map(({ id, name }) => ({ value: id, label: name }))]}
          onChange={(id) => set({ project_id: id === "" ? null : id })}
        />
        <Select
          label="Time range when it is opened"
          value={timeValue(now.time)}
          options={timeOptions("Whichever its reader has chosen", now.time)}
          onChange={(value) => set({ time: timeOf(value, now.time) })}
        />
        <FieldGroup label="Filter of all tiles">
          <QueryBar value={now.filter} onSubmit={(filter) => set({ filter })} valuesOf={noValues} error={mistake} submitOnBlur />
        </FieldGroup>
        <Select
          label="Asks again"
          value={now.refresh_s === null ? "" : String(now.refresh_s)}
          options={refreshes}
          onChange={(value) => set({ refresh_s: value === "" ? null : Number(value) })}
        />
        <footer className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary">
            Apply
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

const noValues = (): readonly never[] => [];
