import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ProviderOut } from "@telltale/model/api";
import { Plus, Server } from "lucide-react";
import { useState } from "react";
import { deleteProvider, providersQuery } from "../../api/providers.ts";
import { Button } from "../../components/Button.tsx";
import { DeleteDialog } from "../../components/DeleteDialog.tsx";
import { EmptyState, FailedState, PartialNote, Skeleton } from "../../components/PanelState.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { PageHeader } from "../../shell/PageHeader.tsx";
import { starts, type ProviderDraft } from "./provider-draft.ts";
import { ProviderDialog } from "./ProviderDialog.tsx";
import { providerColumns, ProviderRow } from "./ProviderRow.tsx";

type Open = { kind: "new"; start: ProviderDraft } | { kind: "edit" | "delete"; provider: ProviderOut };

/** Where the models of judges answer: addresses, keys, and whether they work. */
export function ProvidersPage() {
  const providers = useQuery(providersQuery);
  const [open, setOpen] = useState<Open | undefined>();
  const close = (): void => setOpen(undefined);
  const isFirst = providers.data?.length === 0;
  // The first one is asked by default: there is no other.
  const add = (start: ProviderDraft) => setOpen({ kind: "new", start: { ...start, isDefault: isFirst } });
  return (
    <>
      <PageHeader title="Providers">
        {providers.isError && providers.data !== undefined ? <PartialNote>Not refreshed: {providers.error.message}</PartialNote> : null}
        <Button variant="primary" onClick={() => add({ ...starts.openai, name: "", defaultModel: "" })}>
          <Plus /> Add a provider
        </Button>
      </PageHeader>
      <div tabIndex={0} role="region" aria-label="Providers of models" className="focus-inset min-h-0 grow overflow-y-auto">
        {providers.data === undefined ? (
          providers.isError ? (
            <FailedState title="The providers could not be read" error={providers.error} onRetry={() => void providers.refetch()} className="mt-[10vh]" />
          ) : (
            <div role="status" aria-label="Loading" className="flex flex-col gap-4 p-4">
              {[0, 1].map((row) => (
                <Skeleton key={row} className="h-9 w-full opacity-60" />
              ))}
            </div>
          )
        ) : isFirst ? (
          <NoProvider onAdd={add} />
        ) : (
          <>
            <div aria-hidden className={`hidden gap-x-5 border-b border-line px-4 py-1.5 text-xs text-ink-3 lg:grid ${providerColumns}`}>
              {["Provider", "Speaks", "Address", "Key", "Default model"].map((name) => (
                <span key={name}>{name}</span>
              ))}
            </div>
            <ul className="text-sm">
              {providers.data.map((provider) => (
                <ProviderRow
                  key={provider.id}
                  provider={provider}
                  onEdit={() => setOpen({ kind: "edit", provider })}
                  onDelete={() => setOpen({ kind: "delete", provider })}
                />
              ))}
            </ul>
            <p className="max-w-2xl px-4 py-3 text-xs text-pretty text-ink-3">
              Judges name a model as <code className="font-mono">openai:/gpt-4o-mini</code>, or a provider as <code className="font-mono">gateway:/NAME</code>{" "}
              for its default model; those that name none ask the default provider.
            </p>
          </>
        )}
      </div>
      {open?.kind === "new" ? <ProviderDialog start={open.start} onClose={close} /> : null}
      {open?.kind === "edit" ? <ProviderDialog key={open.provider.id} provider={open.provider} start={starts.openai} onClose={close} /> : null}
      {open?.kind === "delete" ? <DeleteProviderDialog provider={open.provider} onClose={close} /> : null}
    </>
  );
}

function NoProvider({ onAdd }: { onAdd: (start: ProviderDraft) => void }) {
  return (
    <EmptyState
      icon={<Server />}
      title="No judge has anyone to ask yet"
      className="mt-[8vh] max-w-md!"
      action={
        <>
          <Button onClick={() => onAdd(starts.ollama)}>Ollama on this machine</Button>
          <Button onClick={() => onAdd(starts.openai)}>OpenAI with a key</Button>
          <Button onClick={() => onAdd(starts.anthropic)}>Anthropic with a key</Button>
        </>
      }
    >
      A judge asks a language model. Say where one answers: a provider you have a key of, or any server that speaks OpenAI’s chat completions, such as Ollama,
      llama.cpp or vLLM on your own machine. Scorers that are code, and the diagnostics of agents, need none.{" "}
      <Link to="/docs/$slug" params={{ slug: "scoring" }} className="text-accent-ink underline">
        How judges ask
      </Link>
    </EmptyState>
  );
}

function DeleteProviderDialog({ provider, onClose }: { provider: ProviderOut; onClose: () => void }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteProvider(provider.id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: providersQuery.queryKey });
      toast(`${provider.name} and its key are deleted`);
      onClose();
    },
    onError: toastError,
  });
  return (
    <DeleteDialog
      name={provider.name}
      consequence="Its key is deleted with it. Scorers that ask it are paused when they next try; their scores stay."
      isPending={remove.isPending}
      onDelete={remove.mutate}
      onClose={onClose}
    />
  );
}
