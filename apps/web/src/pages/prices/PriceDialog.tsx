import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { PriceOut, PriceOverrideIn, PriceOverrideOut } from "@telltale/model/api";
import { useState, type ReactNode } from "react";
import { ownPricesQuery, readPrices, savePrices } from "../../api/cost.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { toast } from "../../components/toast.tsx";
import { classNames } from "../cost/class-names.ts";
import { copyRates, draftOf, newDraft, overrideOf, type PriceDraft } from "./price-draft.ts";
import { asGiven } from "./own-prices.ts";
import { tokenClasses } from "./token-class-list.ts";

const field = "h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-sm outline-offset-0 focus:border-accent";
const FIRST_CLASSES = 3;

export interface PriceDialogProps {
  /** The price to change; undefined = a new one. */
  price?: PriceOverrideOut | undefined;
  model?: string | undefined;
  provider?: string | undefined;
  /** Known names like it, to start from. */
  suggestions?: readonly { provider: string; model: string }[];
  onClose: () => void;
}

/** Sets a price of one's own, or changes one. */
export function PriceDialog({ price, model, provider, suggestions = [], onClose }: PriceDialogProps) {
  const queries = useQueryClient();
  const own = useQuery(ownPricesQuery);
  const [draft, setDraft] = useState<PriceDraft>(() => (price === undefined ? newDraft(model, provider) : draftOf(price)));
  const [isTried, setTried] = useState(false);
  const [hasAll, setAll] = useState(() => tokenClasses.slice(FIRST_CLASSES).some((name) => draft.rates[name] !== ""));
  const set = (change: Partial<PriceDraft>): void => setDraft({ ...draft, ...change });
  const made = overrideOf(draft, price);
  const save = useMutation({
    mutationFn: async (next: PriceOverrideIn) => {
      const { overrides, revision } = own.data ?? (await queries.fetchQuery(ownPricesQuery));
      const others = overrides.filter(({ id }) => id !== price?.id).map(asGiven);
      return savePrices({ overrides: [...others, next], revision });
    },
    onSuccess: async () => {
      await Promise.all([queries.invalidateQueries({ queryKey: ["prices"] }), queries.invalidateQueries({ queryKey: ["cost"] })]);
      toast(`${draft.model} has its price from now on; reprice to apply it to what is stored`);
      onClose();
    },
    // Somebody else changed them: what is shown from now on is theirs.
    onError: () => void queries.invalidateQueries({ queryKey: ["prices"] }),
  });
  const copy = useMutation({
    mutationFn: async (known: { provider: string; model: string }) =>
      exactly(known, (await readPrices(`${known.provider}/${known.model}`, undefined, new AbortController().signal)).data),
    onSuccess: (found) => found && setDraft((now) => copyRates(now, found)),
  });
  const problem = isTried && "problem" in made ? made.problem : save.error?.message;
  const classes = hasAll ? tokenClasses : tokenClasses.slice(0, FIRST_CLASSES);
  return (
    <FormDialog
      title={price === undefined ? "Set a price" : "Change a price"}
      description="It wins over the built-in table for calls from its first day on. What is stored keeps its cost until it is repriced."
      problem={problem}
      action={price === undefined ? "Set price" : "Save"}
      isDisabled={save.isPending}
      onSubmit={() => {
        setTried(true);
        if ("price" in made) save.mutate(made.price);
      }}
      onClose={onClose}
    >
      <Field label="Model (the whole name; * for any letters)" className="sm:col-span-2">
        <input
          className={`${field} font-mono text-xs!`}
          value={draft.model}
          maxLength={300}
          autoFocus
          spellCheck={false}
          autoComplete="off"
          placeholder="llama-3.3-70b*"
          onChange={(event) => set({ model: event.target.value })}
        />
      </Field>
      <Field label="Provider (empty: any)">
        <input
          className={field}
          value={draft.provider}
          maxLength={200}
          spellCheck={false}
          autoComplete="off"
          placeholder="openai"
          onChange={(event) => set({ provider: event.target.value })}
        />
      </Field>
      <Field label="First day, UTC (empty: always)">
        <input className={`${field} num`} type="date" value={draft.from} onChange={(event) => set({ from: event.target.value })} />
      </Field>
      {suggestions.length > 0 ? (
        <p className="text-xs text-ink-3 sm:col-span-2">
          Start from the price of{" "}
          {suggestions.map((known) => (
            <button key={`${known.provider}/${known.model}`} type="button" className="mr-2 text-accent-ink underline" onClick={() => copy.mutate(known)}>
              {known.provider}/{known.model}
            </button>
          ))}
        </p>
      ) : null}
      <fieldset className="sm:col-span-2">
        <legend className="mb-1 text-xs text-ink-2">USD per million tokens</legend>
        <div className="grid grid-cols-[minmax(0,1fr)_7rem_7rem] items-center gap-x-3 gap-y-1.5">
          <span />
          <span className="text-right text-2xs text-ink-3">any input</span>
          <span className="text-right text-2xs text-ink-3">long input</span>
          {classes.map((name) => (
            <Rates
              key={name}
              label={classNames[name]}
              rate={draft.rates[name]}
              long={draft.longRates[name]}
              hasLong={draft.above !== ""}
              onRate={(rate) => set({ rates: { ...draft.rates, [name]: rate } })}
              onLong={(rate) => set({ longRates: { ...draft.longRates, [name]: rate } })}
            />
          ))}
        </div>
        {hasAll ? null : (
          <button type="button" className="mt-1.5 text-xs text-accent-ink underline" onClick={() => setAll(true)}>
            Cache write, reasoning, audio, images
          </button>
        )}
        <p className="mt-1.5 text-xs text-pretty text-ink-3">A class without a rate costs what it is part of: input or output. 0 is a price.</p>
      </fieldset>
      <Field label="Long input begins above (tokens; empty: none)">
        <input
          className={`${field} num`}
          value={draft.above}
          inputMode="numeric"
          placeholder="200000"
          onChange={(event) => set({ above: event.target.value.trim() })}
        />
      </Field>
      <Field label="Note">
        <input className={field} value={draft.note} maxLength={500} placeholder="contract of June" onChange={(event) => set({ note: event.target.value })} />
      </Field>
    </FormDialog>
  );
}

function exactly(known: { provider: string; model: string }, prices: readonly PriceOut[]): PriceOut | undefined {
  return prices.find((price) => price.source === "table" && price.provider === known.provider && price.model === known.model);
}

function Field({ label, children, className }: { label: string; children: ReactNode; className?: string }) {
  return (
    <label className={`block min-w-0 ${className ?? ""}`}>
      <span className="mb-1 block text-xs text-ink-2">{label}</span>
      {children}
    </label>
  );
}

function Rates({
  label,
  rate,
  long,
  hasLong,
  onRate,
  onLong,
}: {
  label: string;
  rate: string;
  long: string;
  hasLong: boolean;
  onRate: (rate: string) => void;
  onLong: (rate: string) => void;
}) {
  return (
    <>
      <span className="text-sm">{label}</span>
      <input
        className={`${field} num text-right`}
        aria-label={`${label}: USD per million tokens`}
        value={rate}
        inputMode="decimal"
        placeholder="–"
        onChange={(event) => onRate(event.target.value)}
      />
      <input
        className={`${field} num text-right disabled:opacity-40`}
        aria-label={`${label}, long input: USD per million tokens`}
        value={long}
        inputMode="decimal"
        placeholder="–"
        disabled={!hasLong}
        onChange={(event) => onLong(event.target.value)}
      />
    </>
  );
}
