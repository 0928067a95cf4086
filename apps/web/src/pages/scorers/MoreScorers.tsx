import { Button } from "../../components/Button.tsx";

/** The end of a list that goes on. */
export function MoreScorers({ rest, onShow }: { rest: string | undefined; onShow: () => void }) {
  return rest === undefined ? null : (
    <div className="num flex items-center gap-3 px-4 py-2.5 text-xs text-ink-3">
      <Button size="sm" onClick={onShow}>
        Show more
      </Button>
      {rest}
    </div>
  );
}
