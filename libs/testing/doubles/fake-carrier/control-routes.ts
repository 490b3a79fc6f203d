import type { FastifyInstance } from 'fastify';
import { buildObjectSchema, registerControl, TEXT, WHETHER, WHOLE } from '../control-routes.js';
import { CarrierRefusal } from './carrier-book.js';
import type { CarrierControl, CarrierModes } from './carrier-control.js';

interface Modes extends Partial<Omit<CarrierModes, 'asynchronous'>> {
  /** `false`: at once. */
  asynchronous?: CarrierModes['asynchronous'] | false;
}

const MODES = {
  uniqueReferences: WHETHER,
  latencyMs: WHOLE,
  asynchronous: { anyOf: [{ type: 'boolean', const: false }, buildObjectSchema({ validateAfterMs: WHOLE, refuseWith: TEXT })] },
};

/** The test's control as JSON, for a carrier started by hand (README.md). */
export function registerControlRoutes(app: FastifyInstance, carrier: CarrierControl): void {
  const post = registerControl(app, carrier, {
    describe: () => describe(carrier),
    modes: MODES,
    setModes: ({ asynchronous, ...modes }: Modes) => {
      carrier.setModes(modes);
      if (asynchronous !== undefined) carrier.setModes({ asynchronous: asynchronous === false ? undefined : asynchronous });
    },
    statusOf: (error) => (error instanceof CarrierRefusal ? error.status : 404),
    flush: { reverse: WHETHER, together: WHETHER, skewSeconds: { type: 'integer' }, forge: WHETHER },
  });
  app.get('/control/orders', (request) => {
    const orders = carrier.orders((request.query as { reference?: string }).reference);
    return { count: orders.length, orders };
  });
  app.get('/control/shipments', (request) => {
    const shipments = carrier.shipments((request.query as { reference?: string }).reference);
    return { count: shipments.length, shipments };
  });
  post<{ order: string; state: string; comment?: string; at?: string }>(
    'statuses',
    buildObjectSchema({ order: TEXT, state: TEXT, comment: TEXT, at: { type: 'string', format: 'date-time' } }, ['order', 'state']),
    ({ order, state, comment, at }) =>
      carrier.pushStatus(order, state, { ...(comment !== undefined && { comment }), ...(at !== undefined && { at: new Date(at) }) }),
  );
  const NAMED = { ...buildObjectSchema({ order: TEXT }, ['order']), additionalProperties: false };
  post<{ order: string }>('cancel', NAMED, ({ order }) => carrier.cancel(order));
  post<{ order: string }>('forget', NAMED, ({ order }) => carrier.forget(order));
  post<{ apiKey: string; webhookSecret: string }>(
    'accounts',
    buildObjectSchema({ apiKey: TEXT, webhookSecret: TEXT }, ['apiKey', 'webhookSecret']),
    ({ apiKey, webhookSecret }) => void carrier.addAccount(apiKey, webhookSecret),
  );
  post<{ order: string; refuseWith?: string }>(
    'validate',
    buildObjectSchema({ order: TEXT, refuseWith: TEXT }, ['order']),
    ({ order, refuseWith }) => carrier.validate(order, refuseWith),
  );
}

function describe(carrier: CarrierControl): object {
  return {
    modes: { ...carrier.modes, asynchronous: carrier.modes.asynchronous ?? false, webhooks: carrier.webhooks.mode },
    orders: carrier.orders().length,
    shipments: carrier.shipments().length,
    duplicates: carrier.duplicates(),
    calls: carrier.calls.length,
    webhooks: carrier.webhooks.attempts,
  };
}
