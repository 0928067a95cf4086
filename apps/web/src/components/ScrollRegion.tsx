import type { ReactNode } from "react";

/** What scrolls in a frame of its own, reachable by keyboard as it must be, under a name that says what is in it. */
export function ScrollRegion({
  label,
  role = "group",
  className,
  children,
}: {
  label: string;
  role?: "group" | "region";
  className: string;
  children: ReactNode;
}) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard
    <div tabIndex={0} role={role} aria-label={label} className={className}>
      {children}
    </div>
  );
}
