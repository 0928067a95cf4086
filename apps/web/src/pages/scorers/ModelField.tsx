import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useId } from "react";
import { providersQuery } from "../../api/providers.ts";
import { Field, fieldLook } from "../../components/form.tsx";

/** Which model judges: offered are those of the providers that are set up. */
export function ModelField({ value, onChange }: { value: string; onChange: (model: string) => void }) {
  const providers = useQuery(providersQuery);
  const listId = useId();
  const standard = providers.data?.find((provider) => provider.is_default);
  return (
    <div>
      <Field label="Model (empty: the default provider)">
        <input
          className={`${fieldLook} font-mono text-xs`}
          value={value}
          list={listId}
          maxLength={300}
          spellCheck={false}
          autoComplete="off"
          placeholder={standard?.default_model == null ? "openai:/gpt-4o-mini" : `${standard.name}: ${standard.default_model}`}
          onChange={(event) => onChange(event.target.value)}
        />
      </Field>
      <datalist id={listId}>
        {(providers.data ?? []).flatMap(({ name, default_model: model }) =>
          model === null ? [] : [<option key={name} value={`gateway:/${name}`} label={model} />],
        )}
      </datalist>
      {providers.data?.length === 0 ? (
        <p className="mt-1 text-xs text-warn">
          No provider is set up yet.{" "}
          <Link to="/settings/providers" className="text-accent-ink underline">
            Add one
          </Link>
        </p>
      ) : null}
    </div>
  );
}
