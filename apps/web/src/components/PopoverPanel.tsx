import { clsx } from "clsx";
import * as Radix from "radix-ui/popover";
import type { ReactNode, RefObject } from "react";

export interface PopoverPanelProps {
  anchor: RefObject<HTMLElement | null>;
  label: string;
  align: "start" | "center" | "end";
  className: string;
  role: "dialog" | "menu";
  onClose: () => void;
  children: ReactNode;
}

/** The panel of `Popover`, loaded when the first one opens. */
export function PopoverPanel({ anchor, label, align, className, role, onClose, children }: PopoverPanelProps) {
  const stayOnAnchor = (event: { target: EventTarget | null; preventDefault: () => void }): void => {
    // The trigger closes by its own click; closing here as well would let that click open it again.
    if (event.target instanceof Node && anchor.current?.contains(event.target) === true) event.preventDefault();
  };
  return (
    <Radix.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Radix.Anchor virtualRef={anchor as RefObject<HTMLElement>} />
      <Radix.Portal>
        <Radix.Content
          role={role}
          aria-label={label}
          align={align}
          sideOffset={5}
          collisionPadding={8}
          onInteractOutside={stayOnAnchor}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            anchor.current?.focus();
          }}
          className={clsx(
            "pop z-50 max-h-(--radix-popover-content-available-height) overflow-auto rounded-lg border border-line bg-raised shadow-md outline-none",
            className,
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
