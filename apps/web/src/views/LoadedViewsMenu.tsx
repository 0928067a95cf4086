import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ViewOut } from "@telltale/model/api";
import { Bookmark, ChevronDown } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { viewsQuery } from "../api/views.ts";
import { Button } from "../components/Button.tsx";
import { Menu } from "../components/Menu.tsx";
import { useDefaultView } from "./default-view.ts";
import { ViewItems, type ViewDialogKind } from "./ViewItems.tsx";
import type { ViewsMenuProps } from "./ViewsMenu.tsx";
import { differs, isPlain, pathOf, searchOf, stateOf } from "./view-state.ts";

const ViewDialog = lazy(() => import("./ViewDialog.tsx").then((module) => ({ default: module.ViewDialog })));

/** Saved views of a page, in its header: open, save, share. A dot says that the page shows something else than the view that is open. */
export function LoadedViewsMenu({ page, shown }: ViewsMenuProps) {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<ViewDialogKind | undefined>();
  const [defaultId, setDefault] = useDefaultView(page);
  // Read ahead only where a name or a default is needed; the menu itself reads when it opens.
  const views = useQuery({ ...viewsQuery(page), enabled: search.view !== undefined || defaultId !== undefined }).data;
  const opened = views?.find(({ id }) => id === search.view);
  const isChanged = opened !== undefined && (differs(opened.state, search, shown) || (opened.project_id !== null && opened.project_id !== search.project));
  const open = (view: ViewOut): void => void navigate({ to: pathOf(page), search: searchOf(view, search) as never });

  const isSettled = useRef(false);
  const defaultView = defaultId === undefined ? undefined : views?.find(({ id }) => id === defaultId);
  useEffect(() => {
    // Once, at the opening of the page: who clears the page afterwards wants it clear.
    if (isSettled.current || (defaultId !== undefined && views === undefined)) return;
    isSettled.current = true;
    if (defaultView !== undefined && isPlain(search)) void navigate({ to: pathOf(page), search: searchOf(defaultView, search) as never, replace: true });
  }, [defaultId, defaultView, views, search, navigate, page]);

  return (
    <>
      <Menu
        label="Views"
        className="w-64"
        trigger={
          <Button
            variant={opened === undefined ? "ghost" : "secondary"}
            className="min-w-0 px-2.5!"
            aria-label={opened === undefined ? "Views" : `View: ${opened.name}${isChanged ? ", changed" : ""}`}
          >
            <Bookmark className="text-ink-3" aria-hidden />
            <span className="max-w-40 truncate max-md:hidden">{opened?.name ?? "Views"}</span>
            {isChanged ? <span aria-hidden title="Changed since it was saved" className="size-1.5 shrink-0 rounded-full bg-accent" /> : null}
            <ChevronDown className="size-3.5! text-ink-3 max-md:hidden" aria-hidden />
          </Button>
        }
      >
        <ViewItems
          page={page}
          opened={opened}
          isChanged={isChanged}
          now={{ state: stateOf(search, shown), projectId: search.project }}
          defaultId={defaultId}
          onDefault={setDefault}
          onOpen={open}
          onDialog={setDialog}
        />
      </Menu>
      {dialog === undefined ? null : (
        <Suspense>
          <ViewDialog
            kind={dialog}
            page={page}
            state={stateOf(search, shown)}
            projectId={search.project}
            opened={opened}
            onSaved={open}
            onClose={() => setDialog(undefined)}
          />
        </Suspense>
      )}
    </>
  );
}
