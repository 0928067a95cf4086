import { lazy, Suspense } from "react";
import { Button } from "../components/Button.tsx";

const LoadedViewsMenu = lazy(() => import("./LoadedViewsMenu.tsx").then((module) => ({ default: module.LoadedViewsMenu })));

export interface ViewsMenuProps {
  /** Path of the page without its slash, e.g. `traces`. */
  page: string;
  /** What the page shows that is not in its address, e.g. the reader's own choice of columns. */
  shown?: Record<string, string>;
}

/** Saved views for the header of a page; add it to every page whose address says what it shows. Loaded after the page. */
export function ViewsMenu(props: ViewsMenuProps) {
  return (
    <Suspense
      fallback={
        <Button variant="ghost" disabled className="px-2.5!">
          Views
        </Button>
      }
    >
      <LoadedViewsMenu {...props} />
    </Suspense>
  );
}
