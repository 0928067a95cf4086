import type { UseQueryResult } from "@tanstack/react-query";
import type { UserDetail } from "@telltale/model/api";
import { BarList } from "../../components/BarList.tsx";
import { Panel } from "../../components/Panel.tsx";
import { quoteValue } from "../../filter/clauses.ts";
import { formatCount } from "../../format/number.ts";
import { tracesLink } from "../../url/traces-link.ts";

const parts = [
  ["by_model", "Models", "model"],
  ["by_version", "Versions", "version"],
  ["by_environment", "Environments", "environment"],
] as const;

/** What the person's traces are made of; each row opens its traces. */
export function UserMakeup({ userId, query }: { userId: string; query: UseQueryResult<UserDetail> }) {
  const filter = `user = ${quoteValue(userId)}`;
  return (
    <Panel title="Made of" note="traces" queries={[query]}>
      {parts.map(([key, label, field]) => {
        const values = query.data?.[key] ?? [];
        return values.length === 0 ? null : (
          <div key={key}>
            <h3 className="px-4 text-xs text-ink-3">{label}</h3>
            <BarList
              label={label}
              format={formatCount}
              items={values.slice(0, 6).map(({ value, traces }) => ({
                key: value,
                label: value,
                value: traces,
                isQuiet: value === "unknown",
                link: tracesLink(`${filter} AND ${value === "unknown" ? `${field} IS NULL` : `${field} = ${quoteValue(value)}`}`),
              }))}
            />
          </div>
        );
      })}
    </Panel>
  );
}
