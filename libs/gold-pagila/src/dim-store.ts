import { defineEntity, p } from '@mikro-orm/core';
import { rebuild, reconciles, table } from '@datakit/framework';
import * as Silver from '@datakit/silver-pagila';

export const DimStore = defineEntity({
  name: 'DimStore',
  tableName: 'dim_store',
  properties: { store_id: p.integer().primary(), manager: p.text(), city: p.text(), country: p.text() },
});

export const dimStore = table(DimStore, {
  expect: [reconciles(Silver.Store)],
  build: rebuild({ store: Silver.Store }, (from) =>
    from.selectFrom('store').select(['store.store_id', 'store.manager', 'store.city', 'store.country']),
  ),
});
