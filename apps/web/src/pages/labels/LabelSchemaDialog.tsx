import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { LabelSchemaOut, LabelSchemaType } from "@telltale/model/api";
import { clsx } from "clsx";
import { useState } from "react";
import { changeLabelSchema, createLabelSchema, labelSchemasQuery } from "../../api/label-schemas.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { Check, Choices, Field, fieldLook } from "../../components/form.tsx";
import { toast } from "../../components/toast.tsx";
import { draftOf, emptyDraft, type InputKind, kindNames, type LabelDraft, newLabelSchemaOf, patchOf, problemOf } from "./label-draft.ts";

const types: readonly (readonly [LabelSchemaType, string])[] = [
  ["feedback", "Feedback"],
  ["expectation", "Expectation"],
];
const area = clsx(fieldLook, "h-auto! py-1.5");

/** Adds a label schema, or changes one. What its labels are made of cannot change. */
export function LabelSchemaDialog({ projectId, schema, onClose }: { projectId: string; schema?: LabelSchemaOut; onClose: () => void }) {
  const queries = useQueryClient();
  const [draft, setDraft] = useState<LabelDraft>(() => (schema === undefined ? emptyDraft : draftOf(schema)));
  const [isTried, setTried] = useState(false);
  const set = (change: Partial<LabelDraft>): void => setDraft({ ...draft, ...change });
  const problem = problemOf(draft);
  const save = useMutation({
    mutationFn: () => (schema === undefined ? createLabelSchema(newLabelSchemaOf(draft, projectId)) : changeLabelSchema(schema.id, patchOf(draft))),
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: labelSchemasQuery(projectId).queryKey });
      toast(schema === undefined ? `Traces of this project can be labelled as ${saved.name}` : `${saved.name} is changed`);
      onClose();
    },
  });
  const said = isTried && problem !== undefined ? problem : save.error?.message;
  return (
    <FormDialog
      title={schema === undefined ? "New label schema" : `Change ${schema.name}`}
      problem={said}
      action={schema === undefined ? "Create" : "Save"}
      isDisabled={save.isPending}
      onSubmit={() => {
        setTried(true);
        if (problem === undefined) save.mutate();
      }}
      onClose={onClose}
    >
      <Field label="Name" hint="Labels are written under it." className="sm:col-span-2">
        <input
          className={fieldLook}
          value={draft.name}
          maxLength={250}
          required
          autoFocus
          autoComplete="off"
          placeholder="correct"
          onChange={(event) => set({ name: event.target.value })}
        />
      </Field>
      <Field label="Instruction (optional)" className="sm:col-span-2">
        <textarea
          rows={2}
          className={area}
          value={draft.instruction}
          maxLength={1_000}
          placeholder="Is every fact in the answer right?"
          onChange={(event) => set({ instruction: event.target.value })}
        />
      </Field>
      {schema === undefined ? (
        <div className="flex flex-col gap-3.5 sm:col-span-2">
          <Choices label="What it is" name="label-type" value={draft.type} options={types} onChange={(type) => set({ type })} />
          <Choices
            label="How it is answered"
            name="label-kind"
            value={draft.kind}
            options={Object.entries(kindNames) as [InputKind, string][]}
            onChange={(kind) => set({ kind })}
          />
        </div>
      ) : null}
      <InputFields draft={draft} isNew={schema === undefined} set={set} />
      <div className="sm:col-span-2">
        <Check label="Ask why" hint="A field for the reason beside the answer." checked={draft.comment} onChange={(comment) => set({ comment })} />
      </div>
    </FormDialog>
  );
}

function InputFields({ draft, isNew, set }: { draft: LabelDraft; isNew: boolean; set: (change: Partial<LabelDraft>) => void }) {
  const text = (label: string, key: "pass" | "fail" | "min" | "max" | "maxLength", hint?: string) => (
    <Field label={label} hint={hint}>
      <input
        className={clsx(fieldLook, key === "pass" || key === "fail" ? "" : "num")}
        inputMode={key === "pass" || key === "fail" ? "text" : "decimal"}
        maxLength={64}
        value={draft[key]}
        autoComplete="off"
        onChange={(event) => set({ [key]: event.target.value })}
      />
    </Field>
  );
  switch (draft.kind) {
    case "pass_fail":
      return (
        <>
          {text("Word for good", "pass", "Writes true")}
          {text("Word for bad", "fail", "Writes false")}
        </>
      );
    case "numeric":
      return (
        <>
          {text("Smallest (optional)", "min")}
          {text("Largest (optional)", "max")}
        </>
      );
    case "text":
      return text("Most characters (optional)", "maxLength");
    case "categorical":
      return (
        <>
          <Field label="Options, one a line" className="sm:col-span-2">
            <textarea rows={4} className={area} value={draft.options} maxLength={1_000} onChange={(event) => set({ options: event.target.value })} />
          </Field>
          {isNew ? (
            <div className="sm:col-span-2">
              <Check label="Several may be chosen" checked={draft.multiSelect} onChange={(multiSelect) => set({ multiSelect })} />
            </div>
          ) : null}
        </>
      );
  }
}
