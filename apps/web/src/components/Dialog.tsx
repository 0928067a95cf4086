import { lazy, Suspense, type ReactNode } from "react";

/** The panel and its focus trap come with the first dialog that is opened, not with the first page. */
const DialogPanel = lazy(() => import("./DialogPanel.tsx").then((module) => ({ default: module.DialogPanel })));

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: string;
  children: ReactNode;
  /** `sheet` comes from below on phones, `drawer` from the left. */
  shape?: "dialog" | "sheet" | "drawer";
  className?: string;
}

export function Dialog(props: DialogProps) {
  if (!props.open) return null;
  return (
    <Suspense>
      <DialogPanel {...props} />
    </Suspense>
  );
}
