import { clsx } from "clsx";
import { X } from "lucide-react";
import * as Radix from "radix-ui/dialog";
import { useState } from "react";
import { IconButton } from "./Button.tsx";
import type { DialogProps } from "./Dialog.tsx";

const shapes = {
  dialog: "pop left-1/2 top-[12vh] max-h-[76vh] w-[calc(100vw-24px)] max-w-lg -translate-x-1/2 rounded-lg border border-line",
  sheet: "sheet inset-x-0 bottom-0 top-10 rounded-t-[14px] border-t border-line",
  drawer: "fade inset-y-0 left-0 w-72 border-r border-line",
};

/** The panel of `Dialog`, loaded when the first one opens. */
export function DialogPanel({ open, onOpenChange, title, description, children, shape = "dialog", className }: DialogProps) {
  // Asked while it is drawn for the first time: afterwards a field inside has the focus.
  const [opener] = useState(() => document.activeElement);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fade fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
          }}
          className={clsx("fixed z-50 flex flex-col overflow-hidden bg-raised shadow-lg outline-none", shapes[shape], className)}
        >
          <header className="flex shrink-0 items-start gap-3 py-2.5 pr-2 pl-4">
            <div className="min-w-0 grow pt-0.5">
              <Radix.Title className="truncate text-md font-semibold">{title}</Radix.Title>
              {description === undefined ? null : <Radix.Description className="mt-0.5 text-ink-3">{description}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              <IconButton label="Close" size="sm">
                <X />
              </IconButton>
            </Radix.Close>
          </header>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
