import { text } from "../../url/search.ts";

/** `model` (and `provider`) = the editor is open with this name: how other pages ask for a price. */
export interface PricesSearch {
  model?: string;
  provider?: string;
}

/** Keeps what is understood: a URL is outside data. */
export function readPricesSearch(raw: Record<string, unknown>): PricesSearch {
  const model = text(raw["model"]);
  const provider = text(raw["provider"]);
  return { ...(model === undefined ? {} : { model }), ...(provider === undefined ? {} : { provider }) };
}
