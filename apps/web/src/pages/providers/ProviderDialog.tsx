import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ProviderOut } from "@telltale/model/api";
import { clsx } from "clsx";
import { useState } from "react";
import { changeProvider, createProvider, providersQuery } from "../../api/providers.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { Check, Choices, Field, fieldLook } from "../../components/form.tsx";
import { toast } from "../../components/toast.tsx";
import { draftOf, kindNames, newProviderOf, patchOf, problemOf, type ProviderDraft, type ProviderKind } from "./provider-draft.ts";

const homes: Readonly<Record<ProviderKind, string>> = {
  openai: "https://api.openai.com/v1",
  anthropic: "https://api.anthropic.com/v1",
  gemini: "https://generativelanguage.googleapis.com/v1beta",
  openai_compatible: "http://127.0.0.1:11434/v1",
};
const models: Readonly<Record<ProviderKind, string>> = {
  openai: "gpt-4o-mini",
  anthropic: "claude-haiku-4-5",
  gemini: "gemini-2.5-flash",
  openai_compatible: "llama3.2",
};

/** Adds a provider, or changes one. A stored key is never shown: an empty field leaves it as it is. */
export function ProviderDialog({ provider, start, onClose }: { provider?: ProviderOut; start: ProviderDraft; onClose: () => void }) {
  const queries = useQueryClient();
  const [draft, setDraft] = useState<ProviderDraft>(() => (provider === undefined ? start : draftOf(provider)));
  const [isTried, setTried] = useState(false);
  const set = (change: Partial<ProviderDraft>): void => setDraft({ ...draft, ...change });
  const problem = problemOf(draft);
  const save = useMutation({
    mutationFn: () => (provider === undefined ? createProvider(newProviderOf(draft)) : changeProvider(provider.id, patchOf(draft))),
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: providersQuery.queryKey });
      toast(provider === undefined ? `${saved.name} is added; test it once` : `${saved.name} is changed`);
      onClose();
    },
  });
  const said = isTried && problem !== undefined ? problem : save.error?.message;
  return (
    <FormDialog
      title={provider === undefined ? "Add a provider" : `Change ${provider.name}`}
      problem={said}
      action={provider === undefined ? "Add" : "Save"}
      isDisabled={save.isPending}
      onSubmit={() => {
        setTried(true);
        if (problem === undefined) save.mutate();
      }}
      onClose={onClose}
    >
      {provider === undefined ? (
        <div className="sm:col-span-2">
          <Choices
            label="What speaks there"
            name="provider-kind"
            value={draft.kind}
            options={Object.entries(kindNames) as [ProviderKind, string][]}
            onChange={(kind) => set({ kind })}
          />
        </div>
      ) : null}
      <Field label="Name" hint={`Judges ask it as gateway:/${draft.name.trim() === "" ? "NAME" : draft.name.trim()}`}>
        <input
          className={fieldLook}
          value={draft.name}
          maxLength={100}
          required
          autoFocus
          spellCheck={false}
          autoComplete="off"
          placeholder={draft.kind === "openai_compatible" ? "ollama" : draft.kind}
          onChange={(event) => set({ name: event.target.value })}
        />
      </Field>
      <Field label="Default model">
        <input
          className={fieldLook}
          value={draft.defaultModel}
          maxLength={300}
          spellCheck={false}
          autoComplete="off"
          placeholder={models[draft.kind]}
          onChange={(event) => set({ defaultModel: event.target.value })}
        />
      </Field>
      <Field label={draft.kind === "openai_compatible" ? "Address" : "Address (empty: its own)"} className="sm:col-span-2">
        <input
          className={clsx(fieldLook, "font-mono text-xs")}
          value={draft.baseUrl}
          maxLength={2_000}
          inputMode="url"
          spellCheck={false}
          autoComplete="off"
          placeholder={homes[draft.kind]}
          onChange={(event) => set({ baseUrl: event.target.value })}
        />
      </Field>
      <Field
        label={draft.kind === "openai_compatible" ? "Key (if it wants one)" : "Key"}
        hint={
          provider?.api_key == null ? "Encrypted when it is stored, and never shown again." : "Left empty, the stored key stays. A new address needs it again."
        }
        className="sm:col-span-2"
      >
        <input
          className={clsx(fieldLook, "font-mono text-xs")}
          type="password"
          value={draft.apiKey}
          maxLength={4_000}
          autoComplete="new-password"
          disabled={draft.dropsKey}
          placeholder={provider?.api_key ?? ""}
          onChange={(event) => set({ apiKey: event.target.value })}
        />
      </Field>
      <div className="flex flex-col gap-2.5 sm:col-span-2">
        {provider?.api_key == null ? null : <Check label="Forget the stored key" checked={draft.dropsKey} onChange={(dropsKey) => set({ dropsKey })} />}
        <Check
          label="Inside my network"
          hint="Allows an address that only this network knows, such as a local Ollama or vLLM. Otherwise those are refused."
          checked={draft.allowPrivate}
          onChange={(allowPrivate) => set({ allowPrivate })}
        />
        <Check
          label="Default provider"
          hint="Asked by scorers that name no model. One provider is the default."
          checked={draft.isDefault}
          onChange={(isDefault) => set({ isDefault })}
        />
      </div>
    </FormDialog>
  );
}
