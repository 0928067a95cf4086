import { useEffect, useRef, useState, type ReactNode } from "react";

/** How far below the screen something may be and still be made ready. */
const AHEAD = "200px";

/** Renders (and so asks for) what is inside when it comes near the screen, and keeps it from then on. Its place is kept before. */
export function WhenSeen({ minHeight, children }: { minHeight: number; children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (element === null || isSeen) return;
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true), { rootMargin: AHEAD });
    observer.observe(element);
    return () => observer.disconnect();
  }, [isSeen]);
  return (
    <div ref={place} className="grid min-w-0 grid-cols-[minmax(0,1fr)]" style={{ minHeight }}>
      {isSeen ? children : null}
    </div>
  );
}
