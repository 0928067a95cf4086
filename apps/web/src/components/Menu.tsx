import { Link, type LinkProps } from "@tanstack/react-router";
import { clsx } from "clsx";
import { Check } from "lucide-react";
import { createContext, use, useRef, useState, type ComponentType, type KeyboardEvent, type ReactNode } from "react";
import { Popover, type PopoverProps } from "./Popover.tsx";

const CloseMenu = createContext<() => void>(() => undefined);

/** A menu (WAI-ARIA menu button pattern) in a popover: arrows move, letters jump, Escape closes. */
export function Menu({
  trigger,
  label,
  children,
  align = "end",
  className,
}: {
  trigger: PopoverProps["trigger"];
  label: string;
  children: ReactNode;
  align?: "start" | "end";
  className?: string;
}) {
  const [open, setOpen] = useState(false);
  const opener = useRef<Element>(null);
  const change = (next: boolean): void => {
    if (next) opener.current = document.activeElement;
    setOpen(next);
  };
  // At once: a dialog that the chosen item opens gives the focus back to where it was when it came.
  const close = (): void => {
    setOpen(false);
    if (opener.current instanceof HTMLElement) opener.current.focus();
  };
  return (
    <Popover trigger={trigger} label={label} role="menu" align={align} open={open} onOpenChange={change} className={clsx("min-w-44 p-1", className)}>
      <CloseMenu value={close}>
        <div role="presentation" onKeyDown={moveFocus}>
          {children}
        </div>
      </CloseMenu>
    </Popover>
  );
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role^="menuitem"]:not([disabled])')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const last = items.length - 1;
  let next: number | undefined;
  if (event.key === "ArrowDown") next = at === last ? 0 : at + 1;
  else if (event.key === "ArrowUp") next = at <= 0 ? last : at - 1;
  else if (event.key === "Home") next = 0;
  else if (event.key === "End") next = last;
  else if (/^\S$/.test(event.key))
    next = [...items.keys()]
      .map((offset) => (at + 1 + offset) % items.length)
      .find((index) => items[index]?.textContent?.toLowerCase().startsWith(event.key.toLowerCase()));
  if (next === undefined) return;
  event.preventDefault();
  items[next]?.focus();
}

const row =
  "relative flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-left text-sm outline-none select-none disabled:opacity-50 hover:bg-hover focus-visible:bg-hover [&_svg]:size-3.5 [&_svg]:shrink-0";

export interface MenuItemProps {
  icon?: ComponentType<{ className?: string }>;
  children: ReactNode;
  hint?: ReactNode;
  onSelect: () => void;
  danger?: boolean;
  disabled?: boolean;
}

export function MenuItem({ icon: Icon, children, hint, onSelect, danger = false, disabled = false }: MenuItemProps) {
  const close = use(CloseMenu);
  return (
    <button
      type="button"
      role="menuitem"
      disabled={disabled}
      className={clsx(row, danger ? "text-error" : "text-ink")}
      onClick={() => {
        close();
        onSelect();
      }}
    >
      {Icon === undefined ? null : <Icon className={danger ? "" : "text-ink-3"} />}
      <span className="grow">{children}</span>
      {hint === undefined ? null : <span className="text-xs text-ink-3">{hint}</span>}
    </button>
  );
}

/** An item that leads somewhere: opens in a new tab like any link. */
export function MenuLink({ icon: Icon, children, link }: { icon?: ComponentType<{ className?: string }>; children: ReactNode; link: LinkProps }) {
  const close = use(CloseMenu);
  return (
    <Link {...link} role="menuitem" className={clsx(row, "text-ink")} onClick={close}>
      {Icon === undefined ? null : <Icon className="text-ink-3" />}
      <span className="grow">{children}</span>
    </Link>
  );
}

/** One of several: the chosen one carries a tick. */
export function MenuChoice({
  chosen,
  children,
  onSelect,
  keepOpen = false,
}: {
  chosen: boolean;
  children: ReactNode;
  onSelect: () => void;
  keepOpen?: boolean;
}) {
  const close = use(CloseMenu);
  return (
    <button
      type="button"
      role="menuitemcheckbox"
      aria-checked={chosen}
      className={clsx(row, "pl-7")}
      onClick={() => {
        if (!keepOpen) close();
        onSelect();
      }}
    >
      {chosen ? <Check className="absolute left-2 text-accent-ink" aria-hidden /> : null}
      {children}
    </button>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return (
    <div role="presentation" className="px-2 pt-1.5 pb-1 text-2xs font-medium text-ink-3">
      {children}
    </div>
  );
}

export function MenuSeparator() {
  return <div role="separator" className="-mx-1 my-1 h-px bg-line" />;
}
