import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ProviderOut } from "@telltale/model/api";
import { CircleCheck, LoaderCircle, MoreHorizontal, OctagonX, Pencil, PlugZap, Star, Trash2 } from "lucide-react";
import { changeProvider, providersQuery, testProvider } from "../../api/providers.ts";
import { Button, IconButton } from "../../components/Button.tsx";
import { Menu, MenuItem } from "../../components/Menu.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { formatDuration } from "../../format/number.ts";
import { isKind, kindNames } from "./provider-draft.ts";

export const providerColumns = "lg:grid-cols-[minmax(10rem,1fr)_9rem_minmax(14rem,1.6fr)_8rem_minmax(8rem,1fr)_8.5rem]";

/** One provider, and whether it answers. */
export function ProviderRow({ provider, onEdit, onDelete }: { provider: ProviderOut; onEdit: () => void; onDelete: () => void }) {
  const queries = useQueryClient();
  const test = useMutation({ mutationFn: () => testProvider(provider.id) });
  const makeDefault = useMutation({
    mutationFn: () => changeProvider(provider.id, { is_default: true }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: providersQuery.queryKey });
      toast(`Scorers without a model ask ${provider.name} from now on`);
    },
    onError: toastError,
  });
  return (
    <li className="border-b border-line">
      <div className={`grid items-center gap-x-5 gap-y-1 px-4 py-2.5 max-lg:grid-cols-[1fr_auto] ${providerColumns}`}>
        <span className="flex min-w-0 items-center gap-2">
          <span className="truncate font-medium">{provider.name}</span>
          {provider.is_default ? <Badge>default</Badge> : null}
          {provider.allow_private_address ? <Badge>my network</Badge> : null}
        </span>
        <span className="text-ink-2 max-lg:col-start-1 max-lg:text-xs">{isKind(provider.kind) ? kindNames[provider.kind] : provider.kind}</span>
        <span className="min-w-0 truncate font-mono text-xs text-ink-2 max-lg:col-start-1" title={provider.base_url ?? undefined}>
          {provider.base_url ?? <span className="font-sans text-ink-3">its own address</span>}
        </span>
        <span className="min-w-0 truncate font-mono text-xs text-ink-2 max-lg:col-start-1">
          {provider.api_key ?? <span className="font-sans text-ink-3">no key</span>}
        </span>
        <span className="min-w-0 truncate text-ink-2 max-lg:col-start-1" title={provider.default_model ?? undefined}>
          {provider.default_model ?? <span className="text-ink-3">no default model</span>}
        </span>
        <span className="flex items-center justify-end gap-1 max-lg:col-start-2 max-lg:row-start-1">
          <Button
            size="sm"
            disabled={provider.default_model === null || test.isPending}
            title={provider.default_model === null ? "Give it a default model to test it with" : "Ask one small question"}
            aria-label={`Test ${provider.name}`}
            onClick={() => test.mutate()}
          >
            {test.isPending ? <LoaderCircle className="animate-spin" /> : <PlugZap />} Test
          </Button>
          <Menu
            label={`${provider.name}: actions`}
            trigger={
              <IconButton label={`${provider.name}: actions`} size="sm">
                <MoreHorizontal />
              </IconButton>
            }
          >
            <MenuItem icon={Pencil} onSelect={onEdit}>
              Change
            </MenuItem>
            {provider.is_default ? null : (
              <MenuItem icon={Star} onSelect={() => makeDefault.mutate()}>
                Make it the default
              </MenuItem>
            )}
            <MenuItem icon={Trash2} danger onSelect={onDelete}>
              Delete
            </MenuItem>
          </Menu>
        </span>
      </div>
      <p role="status" className={test.isIdle ? "sr-only" : "flex items-start gap-1.5 px-4 pb-2.5 text-xs"}>
        {test.isPending ? <span className="text-ink-3">Asking {provider.default_model}…</span> : null}
        {test.isError ? <Outcome isOk={false} text={test.error.message} /> : null}
        {test.data === undefined || test.isPending ? null : (
          <Outcome
            isOk={test.data.ok}
            text={test.data.ok ? `${test.data.model} answered in ${formatDuration(test.data.duration_ms)}` : `${test.data.model}: ${test.data.message}`}
          />
        )}
      </p>
    </li>
  );
}

function Outcome({ isOk, text }: { isOk: boolean; text: string }) {
  const Icon = isOk ? CircleCheck : OctagonX;
  return (
    <>
      <Icon className={`mt-px size-3.5 shrink-0 ${isOk ? "text-ok" : "text-error"}`} aria-hidden />
      <span className={`num min-w-0 break-words ${isOk ? "text-ok" : "text-error"}`}>{text}</span>
    </>
  );
}

function Badge({ children }: { children: string }) {
  return <span className="shrink-0 rounded-sm bg-hover px-1.5 py-px text-2xs text-ink-2">{children}</span>;
}
