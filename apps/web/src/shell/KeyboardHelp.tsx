import { Dialog } from "../components/Dialog.tsx";
import { modKey } from "./hotkeys.ts";
import { pages } from "./navigation.ts";

const groups: readonly { title: string; keys: readonly (readonly [string, string])[] }[] = [
  {
    title: "Everywhere",
    keys: [[`${modKey} K`, "Search and commands"], ["?", "This help"], ...pages.map((page) => [`g ${page.key}`, `Go to ${page.label}`] as const)],
  },
  {
    title: "Traces",
    keys: [
      ["/", "Edit the filter"],
      ["j k", "Next, previous trace"],
      ["Enter", "Open the trace"],
      ["x", "Select it"],
      ["r", "Look for newer traces"],
      ["l", "Live tail on or off"],
      ["f", "Filters on or off"],
    ],
  },
  {
    title: "Review",
    keys: [
      ["1 2 …", "Answer; y and n for pass and fail"],
      [`${modKey} Enter`, "Save what was typed"],
      ["s", "Skip the trace"],
      ["u", "Undo the last answer"],
      ["← →", "Back, on"],
      ["r", "What the scorer said"],
    ],
  },
  {
    title: "Dashboard",
    keys: [
      ["e", "Edit"],
      [`${modKey} Z`, "Undo a change"],
      [`${modKey} S`, "Save"],
      ["r", "Ask again"],
      ["f", "Full screen"],
      ["← →", "Move a tile, on its handle"],
    ],
  },
  {
    title: "Trace",
    keys: [
      ["j k", "Next, previous span"],
      ["h l", "Collapse, expand"],
      ["e", "Next error"],
      ["/", "Search in the spans"],
      ["[ ]", "Previous, next trace of the session"],
      ["y", "Copy a link to this span"],
      ["1 – 4", "Timeline, graph, messages, feedback"],
    ],
  },
];

export function KeyboardHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onOpenChange={onClose} title="Keyboard" className="top-[6vh]! max-h-[88vh]! max-w-2xl!">
      <div className="gap-8 overflow-y-auto px-4 sm:columns-2">
        {groups.map((group) => (
          <section key={group.title} className="mb-5 break-inside-avoid">
            <h3 className="pb-1.5 text-xs font-medium text-ink-3">{group.title}</h3>
            <dl className="flex flex-col gap-1.5">
              {group.keys.map(([keys, does]) => (
                <div key={keys} className="flex items-baseline justify-between gap-3">
                  <dt className="order-2 flex shrink-0 gap-1">
                    {keys.split(" ").map((key) => (key === "–" ? <span key={key}>–</span> : <kbd key={key}>{key}</kbd>))}
                  </dt>
                  <dd className="text-ink-2">{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
