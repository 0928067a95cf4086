import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { sqlExamples } from "@telltale/model/sql";
import { ChevronDown, History, Play, Square, Table2 } from "lucide-react";
import { useRef, useState } from "react";
import { ApiError } from "../../api/client.ts";
import { sqlQuery } from "../../api/sql.ts";
import { Button, IconButton } from "../../components/Button.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { Menu, MenuItem } from "../../components/Menu.tsx";
import { EmptyState } from "../../components/PanelState.tsx";
import { Time } from "../../components/Time.tsx";
import { modKey } from "../../shell/hotkeys.ts";
import { PageHeader } from "../../shell/PageHeader.tsx";
import type { SqlSearch } from "../../url/page-search.ts";
import { useShellSearch } from "../../url/search.ts";
import { useQueryHistory } from "./query-history.ts";
import { Failure, Running } from "./RunState.tsx";
import { ResultTable } from "./ResultTable.tsx";
import { SchemaBrowser } from "./SchemaBrowser.tsx";
import { SqlEditor, type SqlEditorHandle } from "./SqlEditor.tsx";

/** Questions that no page answers. What is run is in the URL: a link shows the same query, and runs it again. */
export function SqlPage() {
  const { query: asked = "" }: SqlSearch = useSearch({ strict: false });
  const { project } = useShellSearch();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const editor = useRef<SqlEditorHandle>(null);
  const [first] = useState(asked === "" ? (sqlExamples[0]?.query ?? "") : asked);
  const [draft, setDraft] = useState(first);
  const [past, remember] = useQueryHistory();
  const [isSchemaOpen, setSchemaOpen] = useState(false);
  const question = sqlQuery(asked, project);
  const answer = useQuery(question);
  const isRunning = answer.fetchStatus === "fetching";
  const error = answer.error;

  const run = (): void => {
    const text = draft.trim();
    if (text === "") return;
    remember(text);
    if (text === asked) void queries.resetQueries({ queryKey: question.queryKey, exact: true });
    else void navigate({ to: "/sql", search: (previous) => ({ ...previous, query: text }) as never });
  };
  const cancel = (): void => void queries.cancelQueries({ queryKey: question.queryKey });
  const load = (text: string): void => editor.current?.replace(text);
  const insert = (name: string): void => {
    setSchemaOpen(false);
    editor.current?.insert(name);
  };

  return (
    <>
      <PageHeader title="SQL">
        <IconButton label="Views and columns" className="lg:hidden" onClick={() => setSchemaOpen(true)}>
          <Table2 />
        </IconButton>
        <Menu
          label="Examples"
          trigger={
            <Button variant="ghost" className="max-sm:hidden">
              Examples <ChevronDown />
            </Button>
          }
        >
          {sqlExamples.map(({ title, query }) => (
            <MenuItem key={title} onSelect={() => load(query)}>
              {title}
            </MenuItem>
          ))}
        </Menu>
        <Menu
          label="History"
          className="max-h-[60vh] w-96 max-w-[92vw] overflow-y-auto"
          trigger={
            <IconButton label="History">
              <History />
            </IconButton>
          }
        >
          {past.length === 0 ? <p className="px-2 py-1.5 text-ink-3">What you run is listed here, in this browser.</p> : null}
          {past.map(({ query, atMs }) => (
            <MenuItem key={query} onSelect={() => load(query)} hint={<Time value={new Date(atMs).toISOString()} relative />}>
              <span className="line-clamp-2 font-mono text-xs break-all">{query.slice(0, 300)}</span>
            </MenuItem>
          ))}
        </Menu>
        {isRunning ? (
          <Button onClick={cancel}>
            <Square /> Cancel
          </Button>
        ) : (
          <Button variant="primary" disabled={draft.trim() === ""} onClick={run} title={`Run (${modKey} Enter)`}>
            <Play /> Run
          </Button>
        )}
      </PageHeader>
      <div className="flex min-h-0 grow">
        <aside aria-label="Views and columns" tabIndex={0} className="focus-inset w-64 shrink-0 overflow-y-auto border-r border-line max-lg:hidden">
          <SchemaBrowser onInsert={insert} />
        </aside>
        <div className="flex min-w-0 grow flex-col">
          <section aria-label="Query" className="h-[38%] max-h-[70%] min-h-36 shrink-0 resize-y overflow-hidden border-b border-line bg-surface">
            <SqlEditor
              ref={editor}
              initial={first}
              onChange={setDraft}
              onRun={run}
              error={
                error === null || draft.trim() !== asked ? undefined : { message: error.message, column: error instanceof ApiError ? error.column : undefined }
              }
            />
          </section>
          <section aria-label="Answer" aria-busy={isRunning} className="flex min-h-0 grow flex-col">
            {isRunning ? (
              <Running onCancel={cancel} />
            ) : error !== null ? (
              <Failure error={error} query={asked} onRetry={run} />
            ) : answer.data !== undefined ? (
              <ResultTable key={answer.dataUpdatedAt} answer={answer.data} />
            ) : (
              <EmptyState icon={<Table2 />} title={asked === "" ? "Write a query, or take an example" : "Cancelled"} className="my-auto">
                One SELECT over the documented views, at most 10,000 rows. {modKey} Enter runs it.
              </EmptyState>
            )}
          </section>
        </div>
      </div>
      <Dialog open={isSchemaOpen} onOpenChange={setSchemaOpen} title="Views and columns" shape="sheet">
        <div className="min-h-0 overflow-y-auto">
          <SchemaBrowser onInsert={insert} />
        </div>
      </Dialog>
    </>
  );
}
