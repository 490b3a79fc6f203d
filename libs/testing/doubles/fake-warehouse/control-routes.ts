import type { FastifyInstance } from 'fastify';
import { buildObjectSchema, registerControl, TEXT, WHETHER, WHOLE } from '../control-routes.js';
import type { WarehouseControl, WarehouseModes } from './warehouse-control.js';

const FIGURE = { type: 'string', pattern: '^-?\\d{1,10}(\\.\\d{1,6})?$' };

/** The test's control as JSON, for a warehouse started by hand (README.md). */
export function registerControlRoutes(app: FastifyInstance, warehouse: WarehouseControl): void {
  const post = registerControl(app, warehouse, {
    describe: () => describe(warehouse),
    modes: { namesGoods: WHETHER, latencyMs: WHOLE },
    setModes: (modes: Partial<WarehouseModes>) => warehouse.setModes(modes),
    flush: { reverse: WHETHER, skewSeconds: { type: 'integer' }, forge: WHETHER },
  });
  post<{ sku: string; warehouse: string; onHand: string; cost?: string }>(
    'stocks',
    buildObjectSchema(
      { sku: TEXT, warehouse: TEXT, onHand: FIGURE, cost: { type: 'string', pattern: '^\\d{1,10}(\\.\\d{1,4})? [A-Z]{3}$' } },
      ['sku', 'warehouse', 'onHand'],
    ),
    ({ sku, warehouse: code, onHand, cost }) => warehouse.setStock(sku, code, onHand, cost),
  );
  post<{ url: string }>('webhook-url', buildObjectSchema({ url: TEXT }, ['url']), ({ url }) => {
    warehouse.webhooks.url = url;
  });
}

function describe(warehouse: WarehouseControl): object {
  return {
    modes: { ...warehouse.modes, webhooks: warehouse.webhooks.mode },
    goods: [...warehouse.book.goods.values()].map((good) => ({ id: good.id, sku: good.sku, stocks: warehouse.book.listStocks(good) })),
    reservations: [...warehouse.book.reservations.values()],
    calls: warehouse.calls.length,
    webhooks: warehouse.webhooks.attempts,
  };
}
