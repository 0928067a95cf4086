import type { ReactNode } from "react";

/** A titled block of the pane. */
export function Section({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className="mb-5">
      <div className="mb-1.5 flex h-6 items-center justify-between gap-2">
        <h3 className="text-xs font-medium text-ink-3">{title}</h3>
        <div className="flex items-center gap-1">{actions}</div>
      </div>
      {children}
    </section>
  );
}

/** Name and value pairs in two columns. */
export function Facts({ entries }: { entries: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[minmax(7rem,max-content)_1fr] gap-x-4 gap-y-1">
      {entries.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{name}</dt>
          <dd className="num min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
