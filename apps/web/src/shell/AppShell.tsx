import { Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useState } from "react";
import { Dialog } from "../components/Dialog.tsx";
import { useHotkeys, type Hotkeys } from "./hotkeys.ts";
import { useIsNarrow } from "./media.ts";
import { pages } from "./navigation.ts";
import { ShellContext } from "./shell-context.ts";
import { Sidebar } from "./Sidebar.tsx";
import { Toasts } from "../components/toast.tsx";

const CommandPalette = lazy(() => import("./CommandPalette.tsx").then((module) => ({ default: module.CommandPalette })));
const KeyboardHelp = lazy(() => import("./KeyboardHelp.tsx").then((module) => ({ default: module.KeyboardHelp })));

/** Sidebar, page, and what lies over both. */
export function AppShell() {
  const [layer, setLayer] = useState<"palette" | "help" | "menu" | undefined>();
  const isNarrow = useIsNarrow();
  const navigate = useNavigate();
  const close = useCallback(() => setLayer(undefined), []);
  const openMenu = useCallback(() => setLayer("menu"), []);
  const keys: Hotkeys = { "mod+k": () => setLayer((shown) => (shown === "palette" ? undefined : "palette")), "?": () => setLayer("help") };
  for (const page of pages) keys[`g ${page.key}`] = () => void navigate({ to: page.to });
  useHotkeys(keys);
  const sidebar = <Sidebar onPalette={() => setLayer("palette")} onHelp={() => setLayer("help")} onNavigate={close} />;
  return (
    <ShellContext value={isNarrow ? openMenu : undefined}>
      <a href="#main" className="sr-only z-60 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2">
        Skip to content
      </a>
      <div className="flex h-full">
        {isNarrow ? null : <aside className="w-[204px] shrink-0 border-r border-line bg-canvas">{sidebar}</aside>}
        <main id="main" tabIndex={-1} className="relative flex min-w-0 grow flex-col bg-surface outline-none">
          <Outlet />
        </main>
      </div>
      <Dialog open={isNarrow && layer === "menu"} onOpenChange={close} title="Menu" shape="drawer">
        <div className="min-h-0 grow">{sidebar}</div>
      </Dialog>
      <Suspense>
        {layer === "palette" ? <CommandPalette onClose={close} onHelp={() => setLayer("help")} /> : null}
        {layer === "help" ? <KeyboardHelp onClose={close} /> : null}
      </Suspense>
      <Toasts />
    </ShellContext>
  );
}
