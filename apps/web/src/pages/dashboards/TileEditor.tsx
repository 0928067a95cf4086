import type { MeasuredTile, TextTile, Tile, TileQuery } from "@telltale/model/api";
import { clsx } from "clsx";
import { ChartColumnStacked, ChartLine, ChartNoAxesColumn, Hash, Plus, Table2, Type, type LucideIcon } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/Button.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { useIsNarrow } from "../../shell/media.ts";
import { filterMistake } from "./filter-mistake.ts";
import { Field, FieldGroup, fieldLook, Select } from "../../components/form.tsx";
import { newTile, ofKind, type TileKind } from "./new-tile.ts";
import { QueryFields } from "./QueryFields.tsx";
import { TileView } from "./TileView.tsx";
import { timeOf, timeOptions, timeValue } from "./time-choice.ts";

const kinds: readonly (readonly [TileKind, string, LucideIcon])[] = [
  ["number", "Number", Hash],
  ["line", "Lines", ChartLine],
  ["bars", "Stacked bars", ChartColumnStacked],
  ["list", "Ranking", ChartNoAxesColumn],
  ["table", "Table", Table2],
  ["text", "Text", Type],
];
const MAX_QUERIES = 6;
const PREVIEW_HEIGHT = 240;

/** Builds a tile, or changes one, beside what it will look like. */
export function TileEditor({ tile: given, onDone, onClose }: { tile: Tile | undefined; onDone: (tile: Tile) => void; onClose: () => void }) {
  const [tile, setTile] = useState<Tile>(() => given ?? newTile());
  const isNarrow = useIsNarrow();
  const isRight = tile.kind === "text" || tile.queries.every(({ filter }) => filterMistake(filter ?? "") === undefined);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={given === undefined ? "New tile" : "Edit tile"}
      shape={isNarrow ? "sheet" : "dialog"}
      {...(isNarrow ? {} : { className: wide })}
    >
      <form
        className="flex min-h-0 grow flex-col"
        onSubmit={(event) => {
          event.preventDefault();
          if (isRight) onDone({ ...tile, title: tile.title.trim() });
        }}
      >
        <div className="grid min-h-0 grow gap-4 overflow-y-auto px-4 pt-1 pb-3 md:grid-cols-2">
          <div className="flex min-w-0 flex-col gap-3">
            <Field label="Title">
              <input className={fieldLook} value={tile.title} maxLength={200} onChange={(event) => setTile({ ...tile, title: event.target.value })} />
            </Field>
            <FieldGroup label="Shown as">
              <div className="flex flex-wrap gap-1">
                {kinds.map(([kind, label, Icon]) => (
                  <Button
                    key={kind}
                    size="sm"
                    variant="ghost"
                    aria-pressed={tile.kind === kind}
                    className="border border-line-strong"
                    onClick={() => tile.kind === kind || setTile(ofKind(tile, kind))}
                  >
                    <Icon aria-hidden /> {label}
                  </Button>
                ))}
              </div>
            </FieldGroup>
            {tile.kind === "text" ? <TextFields tile={tile} onChange={setTile} /> : <MeasuredFields tile={tile} onChange={setTile} />}
          </div>
          <div className="min-w-0">
            <p className="pb-1 text-xs text-ink-3">Preview</p>
            <div className="overflow-hidden rounded-lg border border-line bg-surface md:sticky md:top-0" style={{ height: PREVIEW_HEIGHT + 42 }}>
              {isRight ? (
                <TileView tile={{ ...tile, title: tile.title.trim() === "" ? "Tile without title" : tile.title }} height={PREVIEW_HEIGHT} isSeen />
              ) : (
                <p className="p-6 text-center text-ink-3">The filter is not understood yet.</p>
              )}
            </div>
          </div>
        </div>
        <footer className={clsx("flex shrink-0 justify-end gap-2 border-t border-line px-4 py-3")}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!isRight}>
            {given === undefined ? "Add the tile" : "Apply"}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

const wide = "top-[6vh]! max-h-[88vh]! max-w-5xl!";

function TextFields({ tile, onChange }: { tile: TextTile; onChange: (tile: Tile) => void }) {
  return (
    <Field label="Text" hint="Markdown: headings, lists, links, tables. HTML is shown as it is written.">
      <textarea
        className="min-h-56 rounded-md border border-line-strong bg-surface px-2.5 py-1.5 font-mono text-xs shadow-sm"
        value={tile.text}
        maxLength={20_000}
        onChange={(event) => onChange({ ...tile, text: event.target.value })}
      />
    </Field>
  );
}

function MeasuredFields({ tile, onChange }: { tile: MeasuredTile; onChange: (tile: Tile) => void }) {
  const { queries, time } = tile;
  const put = (next: TileQuery[]): void => onChange({ ...tile, queries: next });
  return (
    <>
      {queries.map((query, index) => (
        <QueryFields
          key={index}
          query={query}
          kind={tile.kind}
          name={queries.length === 1 ? "Query" : `Query ${index + 1}`}
          onChange={(next) => put(queries.map((each, at) => (at === index ? next : each)))}
          onRemove={queries.length === 1 ? undefined : () => put(queries.filter((_, at) => at !== index))}
        />
      ))}
      {queries.length < MAX_QUERIES ? (
        <Button size="sm" className="self-start" onClick={() => put([...queries, { metric: "trace_count" }])}>
          <Plus /> Another query
        </Button>
      ) : null}
      <Select
        label="Time range"
        value={timeValue(time)}
        options={timeOptions("The dashboard's", time)}
        onChange={(value) => {
          const { time: _before, ...rest } = tile;
          onChange(value === "" ? rest : { ...rest, time: timeOf(value, time) });
        }}
      />
    </>
  );
}
