import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { PriceOverrideOut } from "@telltale/model/api";
import { Plus } from "lucide-react";
import { useState } from "react";
import { costModelsQuery, costUnpricedQuery } from "../../api/cost.ts";
import { Button } from "../../components/Button.tsx";
import { PageHeader } from "../../shell/PageHeader.tsx";
import { TimeRangePicker } from "../../shell/TimeRangePicker.tsx";
import { useScope } from "../../url/scope.ts";
import { ModelsInUse } from "./ModelsInUse.tsx";
import { OwnPrices } from "./OwnPrices.tsx";
import { PriceDialog } from "./PriceDialog.tsx";
import { PriceTable } from "./PriceTable.tsx";
import type { PricesSearch } from "./prices-search.ts";
import { RepricePanel } from "./RepricePanel.tsx";

/** What calls cost: the models in use, the operator's own prices, the built-in table, and applying them to what is stored. */
export function PricesPage() {
  const scope = useScope();
  const navigate = useNavigate();
  const search: PricesSearch = useSearch({ strict: false });
  const models = useQuery(costModelsQuery(scope.now));
  const unpriced = useQuery(costUnpricedQuery(scope.now));
  const [edited, setEdited] = useState<PriceOverrideOut | undefined>();
  const [isNew, setNew] = useState(false);
  const isOpen = edited !== undefined || isNew || search.model !== undefined;
  const close = (): void => {
    setEdited(undefined);
    setNew(false);
    if (search.model !== undefined)
      void navigate({ to: ".", search: (previous) => ({ ...previous, model: undefined, provider: undefined }) as never, replace: true });
  };
  const known = unpriced.data?.data.find(({ model, provider }) => model === search.model && (search.provider === undefined || provider === search.provider));
  const ofTable =
    search.model === undefined || search.provider === undefined || known !== undefined ? [] : [{ provider: search.provider, model: search.model }];
  return (
    <>
      <PageHeader title="Prices">
        <Button variant="primary" onClick={() => setNew(true)}>
          <Plus /> Set a price
        </Button>
        <TimeRangePicker />
      </PageHeader>
      <div tabIndex={0} role="region" aria-label="Prices" className="focus-inset min-h-0 grow overflow-y-auto">
        <ModelsInUse models={models} />
        <div className="grid grid-cols-1 border-y border-line *:border-b *:border-line *:last:border-b-0 xl:grid-cols-2 xl:*:border-b-0 xl:*:first:border-r">
          <OwnPrices onEdit={setEdited} />
          <RepricePanel project={scope.project} />
        </div>
        <PriceTable />
      </div>
      {isOpen ? (
        <PriceDialog
          key={edited?.id ?? search.model ?? "new"}
          price={edited}
          model={search.model}
          provider={search.provider}
          suggestions={known?.suggestions ?? ofTable}
          onClose={close}
        />
      ) : null}
    </>
  );
}
