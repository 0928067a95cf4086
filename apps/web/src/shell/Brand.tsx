/** A telltale: the ribbon on a sail that shows at a glance when something is off. */
export function Brand() {
  return (
    <span className="flex items-center gap-2">
      <svg viewBox="0 0 32 32" className="size-[22px]" aria-hidden>
        <rect width="32" height="32" rx="8" fill="var(--accent)" />
        <path d="M9 6v20" stroke="var(--on-accent)" strokeWidth="2.6" strokeLinecap="round" />
        <path d="M10.5 9.5c4.5-3 8 2.2 13 .2-1.6 2.4-1.6 4-.2 6.3-5 2-8.4-3-12.8-.4z" fill="var(--on-accent)" />
      </svg>
      <span className="text-md font-semibold tracking-[-0.015em]">Telltale</span>
    </span>
  );
}
