import { Menu as MenuIcon } from "lucide-react";
import { use, type ReactNode } from "react";
import { IconButton } from "../components/Button.tsx";
import { ShellContext } from "./shell-context.ts";

/** The bar at the top of every page: what it is, and what can be done with all of it. */
export function PageHeader({ title, children, before }: { title: ReactNode; children?: ReactNode; before?: ReactNode }) {
  const openMenu = use(ShellContext);
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-4 max-md:px-2">
      {openMenu === undefined ? null : (
        <IconButton label="Menu" onClick={openMenu}>
          <MenuIcon />
        </IconButton>
      )}
      {before}
      {/* What can be done stays whole: where there is little room, the title gives way first. */}
      <h1 className="min-w-12 shrink-[999] truncate text-md font-semibold tracking-[-0.01em]">{title}</h1>
      <div className="ml-auto flex min-w-0 items-center gap-2">{children}</div>
    </header>
  );
}
