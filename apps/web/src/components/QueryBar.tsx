import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { CircleAlert, CornerDownLeft, Search, X } from "lucide-react";
import { useEffect, useId, useImperativeHandle, useRef, useState, type KeyboardEvent, type Ref } from "react";
import { diagnosticNamesQuery } from "../api/diagnostics.ts";
import { wordsToFilter } from "../filter/clauses.ts";
import { complete, withDiagnostics, type Completion, type FieldHint } from "../filter/completion.ts";
import { tokenize } from "../filter/tokens.ts";

export interface QueryBarProps {
  value: string;
  onSubmit: (filter: string) => void;
  /** Values that facets know, for completion. */
  valuesOf: (field: string) => readonly { value: string; count: number }[];
  /** What the server said of the last filter; `column` is the 0-based offset. */
  error?: { message: string; column: number | undefined } | undefined;
  ref?: Ref<{ focus: () => void }>;
  /** In a form, what is typed counts when the field is left; elsewhere only Enter runs a filter. */
  submitOnBlur?: boolean;
}

/**
 * One line that speaks the filter language. The text is a real input with transparent letters; the colours lie under it,
 * so that everything the platform does with an input (undo, IME, selection, screen readers) keeps working.
 */
export function QueryBar({ value, onSubmit, valuesOf, error, ref, submitOnBlur = false }: QueryBarProps) {
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(value);
  const [shownValue, setShownValue] = useState(value);
  const [cursor, setCursor] = useState(0);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [scroll, setScroll] = useState(0);
  const [fields, setFields] = useState<readonly FieldHint[]>([]);
  const listId = useId();
  if (value !== shownValue) {
    // Changed from outside (a facet, the palette, back): what was half typed gives way.
    setShownValue(value);
    setDraft(value);
  }
  useImperativeHandle(ref, () => ({ focus: () => input.current?.focus() }));

  const diagnostics = useQuery({ ...diagnosticNamesQuery, enabled: fields.length > 0 && draft.includes("diagnostic") }).data;
  const completion = open ? complete(draft, cursor, diagnostics === undefined ? fields : withDiagnostics(fields, diagnostics), valuesOf) : undefined;
  const items = completion?.items ?? [];
  const isOpen = open && items.length > 0;
  const showsError = error !== undefined && draft === value;

  const submit = (text: string): void => {
    const filter = wordsToFilter(text);
    setDraft(filter);
    setOpen(false);
    onSubmit(filter);
  };
  const accept = (item: Completion): void => {
    if (completion === undefined) return;
    const next = draft.slice(0, completion.from) + item.insert + draft.slice(completion.to).replace(/^ /, item.insert.endsWith(" ") ? "" : " ");
    const at = completion.from + item.insert.length;
    if (item.kind === "search") return submit(next.trim());
    setDraft(next);
    setActive(-1);
    setCursor(at);
    // After React has written the value.
    requestAnimationFrame(() => input.current?.setSelectionRange(at, at));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const chosen = items[active];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      if (items.length > 0) setActive((active + (event.key === "ArrowDown" ? 1 : active === -1 ? 0 : -1) + items.length) % items.length);
    } else if (event.key === "Tab" && isOpen && !event.shiftKey && draft !== "") {
      const first = chosen ?? items[0];
      if (first === undefined) return;
      event.preventDefault();
      accept(first);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (isOpen && chosen !== undefined) accept(chosen);
      else submit(draft);
    } else if (event.key === "Escape") {
      if (isOpen) setOpen(false);
      else input.current?.blur();
    }
  };
  const follow = (): void => {
    setCursor(input.current?.selectionStart ?? 0);
    setScroll(input.current?.scrollLeft ?? 0);
  };

  return (
    <div className="relative min-w-0 grow">
      <div
        className={clsx(
          "flex h-8 items-center rounded-md border bg-surface shadow-sm transition-colors focus-within:border-accent focus-within:outline-2 focus-within:outline-offset-0 focus-within:outline-accent/25",
          showsError ? "border-error" : "border-line-strong",
        )}
      >
        <Search className="mx-2.5 size-4 shrink-0 text-ink-3" aria-hidden />
        <div className="relative h-full min-w-0 grow overflow-hidden font-mono text-xs">
          <div
            aria-hidden
            className="pointer-events-none absolute inset-y-0 left-0 flex items-center whitespace-pre"
            style={{ transform: `translateX(${-scroll}px)` }}
          >
            <Colours text={draft} errorAt={showsError ? error.column : undefined} />
          </div>
          <input
            ref={input}
            value={draft}
            onChange={(event) => {
              setDraft(event.target.value);
              setCursor(event.target.selectionStart ?? 0);
              setOpen(true);
              setActive(-1);
            }}
            onKeyDown={onKeyDown}
            onSelect={follow}
            onScroll={follow}
            onFocus={() => {
              setOpen(true);
              // The catalogue of fields comes with the first focus, not with the first page.
              void import("../filter/field-hints.ts").then((module) => setFields(module.fieldHints));
            }}
            onBlur={() => {
              setOpen(false);
              if (submitOnBlur && draft !== value) submit(draft);
            }}
            maxLength={20_000}
            role="combobox"
            aria-label="Filter traces"
            aria-expanded={isOpen}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-invalid={showsError}
            {...(isOpen && active >= 0 ? { "aria-activedescendant": `${listId}-${active}` } : {})}
            {...(showsError ? { "aria-describedby": `${listId}-error` } : {})}
            placeholder="Filter or search, e.g. model = 'gpt-5' AND duration_ms > 2000"
            autoComplete="off"
            spellCheck={false}
            className="absolute inset-0 w-full bg-transparent text-transparent caret-ink outline-none placeholder:text-ellipsis placeholder:font-sans placeholder:text-sm selection:text-transparent"
          />
        </div>
        {draft !== value ? (
          <button
            type="button"
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => submit(draft)}
            className="mr-1 flex h-6 items-center gap-1 rounded-sm px-1.5 text-xs text-ink-3 hover:bg-hover hover:text-ink"
          >
            <CornerDownLeft className="size-3.5" aria-hidden /> Run
          </button>
        ) : null}
        {draft === "" ? (
          <kbd className="mr-2 max-md:hidden" aria-hidden>
            /
          </kbd>
        ) : (
          <button
            type="button"
            aria-label="Clear the filter"
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => submit("")}
            className="mr-1 flex size-6 items-center justify-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
          >
            <X className="size-3.5" />
          </button>
        )}
      </div>
      {showsError ? (
        <p id={`${listId}-error`} role="alert" className="flex items-start gap-1.5 px-1 pt-1.5 text-xs text-error">
          <CircleAlert className="mt-px size-3.5 shrink-0" aria-hidden />
          <span className="min-w-0 break-words">
            {error.message}
            {error.column === undefined ? null : <span className="text-ink-3"> (column {error.column + 1})</span>}
          </span>
        </p>
      ) : null}
      <ul
        id={listId}
        role="listbox"
        aria-label="Completions"
        hidden={!isOpen}
        className="pop absolute top-full left-0 z-30 mt-1 max-h-80 w-full max-w-lg overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-md"
      >
        {items.map((item, index) => (
          <CompletionRow key={`${item.kind} ${item.label}`} id={`${listId}-${index}`} item={item} isActive={index === active} onPick={() => accept(item)} />
        ))}
      </ul>
    </div>
  );
}

function CompletionRow({ id, item, isActive, onPick }: { id: string; item: Completion; isActive: boolean; onPick: () => void }) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isActive) row.current?.scrollIntoView({ block: "nearest" });
  }, [isActive]);
  return (
    // Keys are handled by the input that owns the list (the combobox pattern).
    <li
      ref={row}
      id={id}
      role="option"
      aria-selected={isActive}
      onMouseDown={(event) => {
        event.preventDefault();
        onPick();
      }}
      className={clsx("flex cursor-pointer items-baseline gap-3 rounded-md px-2 py-1 hover:bg-hover", isActive && "bg-hover")}
    >
      <span className={clsx("shrink-0 truncate font-mono text-xs", item.kind === "operator" || item.kind === "keyword" ? "text-accent-ink" : "text-ink")}>
        {item.label}
      </span>
      <span className="num min-w-0 grow truncate text-right text-xs text-ink-3">{item.detail}</span>
    </li>
  );
}

const colours: Record<string, string> = {
  field: "text-ink",
  operator: "text-accent-ink",
  keyword: "text-accent-ink font-semibold",
  string: "text-ok",
  number: "text-warn",
  punctuation: "text-ink-3",
  other: "text-error",
};

function Colours({ text, errorAt }: { text: string; errorAt: number | undefined }) {
  return tokenize(text).map((token) => {
    const isWrong = errorAt !== undefined && errorAt >= token.start && errorAt < token.end;
    return (
      <span key={token.start} className={clsx(colours[token.kind], isWrong && "underline decoration-error decoration-wavy underline-offset-4")}>
        {token.text}
      </span>
    );
  });
}
