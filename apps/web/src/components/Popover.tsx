import { cloneElement, lazy, Suspense, useRef, useState, type HTMLAttributes, type ReactElement, type ReactNode, type Ref } from "react";

/** Positioning and focus handling come with the first panel that is opened, not with the first page. */
const PopoverPanel = lazy(() => import("./PopoverPanel.tsx").then((module) => ({ default: module.PopoverPanel })));

export interface PopoverProps {
  /** A button: gets the handler, the ref and the ARIA state. */
  trigger: ReactElement<HTMLAttributes<HTMLElement> & { ref?: Ref<HTMLElement>; "data-state"?: string }>;
  label: string;
  children: ReactNode;
  align?: "start" | "center" | "end";
  className?: string;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** What the panel is to a screen reader. */
  role?: "dialog" | "menu";
}

/** A panel that hangs from its trigger. */
export function Popover({ trigger, label, children, align = "start", className = "", open: openFromOutside, onOpenChange, role = "dialog" }: PopoverProps) {
  const anchor = useRef<HTMLElement>(null);
  const [openInside, setOpenInside] = useState(false);
  const open = openFromOutside ?? openInside;
  const setOpen = (next: boolean): void => {
    setOpenInside(next);
    onOpenChange?.(next);
  };
  return (
    <>
      {cloneElement(trigger, {
        ref: anchor,
        onClick: () => setOpen(!open),
        "aria-expanded": open,
        "aria-haspopup": role,
        "data-state": open ? "open" : "closed",
      })}
      {open ? (
        <Suspense>
          <PopoverPanel anchor={anchor} label={label} align={align} className={className} role={role} onClose={() => setOpen(false)}>
            {children}
          </PopoverPanel>
        </Suspense>
      ) : null}
    </>
  );
}
