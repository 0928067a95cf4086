import type { TileQuery } from "@telltale/model/api";
import { X } from "lucide-react";
import { useId, useState } from "react";
import { FieldGroup, fieldLook } from "../../components/form.tsx";
import { groupLabels } from "./metric-labels.ts";

type Groups = NonNullable<TileQuery["group_by"]>;
const MAX_GROUPS = 3;

/** Up to three fields to group by: those that are known, and `tags.<key>` or `metadata.<key>`. */
export function GroupPicker({ groups, onChange }: { groups: Groups; onChange: (groups: Groups) => void }) {
  const [typed, setTyped] = useState("");
  const listId = useId();
  const add = (text: string): void => {
    const field = readField(text);
    if (field === undefined || groups.includes(field)) return;
    onChange([...groups, field]);
    setTyped("");
  };
  return (
    <FieldGroup label="By">
      <div className="flex flex-wrap items-center gap-1.5">
        {groups.map((field) => (
          <span key={field} className="flex h-8 items-center gap-1 rounded-md bg-sunken pr-1 pl-2.5">
            {groupLabels[field] ?? field}
            <button
              type="button"
              aria-label={`No longer by ${groupLabels[field] ?? field}`}
              onClick={() => onChange(groups.filter((each) => each !== field))}
              className="rounded-sm p-1 text-ink-3 hover:bg-hover hover:text-ink"
            >
              <X className="size-3.5" />
            </button>
          </span>
        ))}
        {groups.length >= MAX_GROUPS ? null : (
          <>
            <input
              className={`${fieldLook} w-44!`}
              aria-label="Group by"
              list={listId}
              value={typed}
              placeholder={groups.length === 0 ? "model, route, tags.team…" : "and…"}
              onChange={(event) => {
                setTyped(event.target.value);
                // A choice from the list is complete as it is.
                if (event.target.value in groupLabels) add(event.target.value);
              }}
              onBlur={() => add(typed)}
              onKeyDown={(event) => {
                if (event.key !== "Enter") return;
                event.preventDefault();
                add(typed);
              }}
            />
            <datalist id={listId}>
              {Object.entries(groupLabels)
                .filter(([field]) => !groups.includes(field))
                .map(([field, label]) => (
                  <option key={field} value={field}>
                    {label}
                  </option>
                ))}
            </datalist>
          </>
        )}
      </div>
    </FieldGroup>
  );
}

function readField(text: string): string | undefined {
  const field = text.trim();
  return field in groupLabels || /^(tags|metadata)\..{1,250}$/.test(field) ? field : undefined;
}
