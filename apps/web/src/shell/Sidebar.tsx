import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import { Keyboard, Monitor, Moon, Search, Sun } from "lucide-react";
import { IconButton } from "../components/Button.tsx";
import { Menu, MenuChoice } from "../components/Menu.tsx";
import { Brand } from "./Brand.tsx";
import { modKey } from "./hotkeys.ts";
import { pages, type PageEntry } from "./navigation.ts";
import { ProjectSwitch } from "./ProjectSwitch.tsx";
import { useTheme } from "../components/theme.ts";

export interface SidebarProps {
  onPalette: () => void;
  onHelp: () => void;
  onNavigate?: () => void;
}

/** Everything left of the page: where one is, and where one can go. */
export function Sidebar({ onPalette, onHelp, onNavigate }: SidebarProps) {
  const groups = [...new Set(pages.map((page) => page.group))];
  return (
    <div className="flex h-full flex-col gap-3 px-2.5 pt-3 pb-2.5">
      <div className="flex items-center justify-between pl-1.5">
        <Brand />
        <IconButton label={`Search and commands (${modKey} K)`} size="sm" onClick={onPalette}>
          <Search />
        </IconButton>
      </div>
      <ProjectSwitch />
      <nav aria-label="Pages" className="flex grow flex-col gap-3 overflow-y-auto">
        {groups.map((group) => (
          <div key={group}>
            <p className="px-2 pb-1 text-2xs font-medium text-ink-3">{group}</p>
            <ul className="flex flex-col gap-px">
              {pages
                .filter((page) => page.group === group)
                .map((page) => (
                  <li key={page.to}>
                    <NavLink page={page} onNavigate={onNavigate} />
                  </li>
                ))}
            </ul>
          </div>
        ))}
      </nav>
      <div className="flex items-center gap-0.5 border-t border-line pt-2">
        <ThemeMenu />
        <IconButton label="Keyboard shortcuts (?)" size="sm" onClick={onHelp}>
          <Keyboard />
        </IconButton>
      </div>
    </div>
  );
}

function NavLink({ page, onNavigate }: { page: PageEntry; onNavigate: (() => void) | undefined }) {
  const Icon = page.icon;
  const look = "group flex h-[30px] items-center gap-2 rounded-md px-2 transition-colors";
  return (
    <Link
      to={page.to}
      onClick={() => onNavigate?.()}
      // Every address begins with that of the start page.
      activeOptions={{ includeSearch: false, exact: page.to === "/" }}
      activeProps={{ className: clsx(look, "bg-pressed/70 font-medium text-ink") }}
      inactiveProps={{ className: clsx(look, "text-ink-2 hover:bg-hover hover:text-ink") }}
    >
      <Icon className="size-4 text-ink-3 group-aria-[current=page]:text-accent-ink" aria-hidden />
      <span className="grow">{page.label}</span>
      <span aria-hidden className="hidden gap-0.5 text-2xs text-ink-3 group-hover:flex">
        <kbd>g</kbd>
        <kbd>{page.key}</kbd>
      </span>
    </Link>
  );
}

function ThemeMenu() {
  const { choice, resolved, choose } = useTheme();
  return (
    <Menu
      label="Theme"
      align="start"
      trigger={
        <IconButton label="Theme" size="sm">
          {choice === "system" ? <Monitor /> : resolved === "dark" ? <Moon /> : <Sun />}
        </IconButton>
      }
    >
      {(["system", "light", "dark"] as const).map((theme) => (
        <MenuChoice key={theme} chosen={choice === theme} onSelect={() => choose(theme)}>
          {{ system: "Like the system", light: "Light", dark: "Dark" }[theme]}
        </MenuChoice>
      ))}
    </Menu>
  );
}
