import type { FastifyInstance } from 'fastify';
import { CARRIER_CALLS, CARRIER_FAULT_KINDS, type CarrierCall, type CarrierFault } from './carrier-faults.js';
import type { CarrierControl, CarrierModes } from './carrier-control.js';
import type { WebhookFlush } from './carrier-webhooks.js';

interface FaultBody {
  call: CarrierCall | '*';
  fault: CarrierFault;
  times?: number;
}

interface StatusBody {
  order: string;
  state: string;
  comment?: string;
  at?: string;
}

interface ModesBody extends Partial<Omit<CarrierModes, 'asynchronous'>> {
  /** `false`: at once. */
  asynchronous?: CarrierModes['asynchronous'] | false;
  webhooks?: 'auto' | 'hold' | 'off';
}

const text = { type: 'string' };
const whole = { type: 'integer', minimum: 0 };
const yes = { type: 'boolean' };

const faultSchema = {
  type: 'object',
  required: ['call', 'fault'],
  properties: {
    call: { type: 'string', enum: ['*', ...CARRIER_CALLS] },
    times: { type: 'integer', minimum: 1 },
    fault: {
      type: 'object',
      required: ['kind'],
      if: { properties: { kind: { enum: ['delay', 'late'] } } },
      then: { required: ['ms'] },
      properties: {
        kind: { type: 'string', enum: [...CARRIER_FAULT_KINDS] },
        ms: whole,
        status: { type: 'integer', minimum: 400, maximum: 599 },
        retryAfterSeconds: whole,
      },
    },
  },
};
const statusSchema = {
  type: 'object',
  required: ['order', 'state'],
  properties: { order: text, state: text, comment: text, at: { type: 'string', format: 'date-time' } },
};
const modesSchema = {
  type: 'object',
  properties: {
    uniqueReferences: yes,
    latencyMs: whole,
    webhooks: { type: 'string', enum: ['auto', 'hold', 'off'] },
    asynchronous: {
      anyOf: [
        { type: 'boolean', const: false },
        { type: 'object', properties: { validateAfterMs: whole, refuseWith: text } },
      ],
    },
  },
};
const flushSchema = {
  type: 'object',
  properties: { copies: { type: 'integer', minimum: 1 }, reverse: yes, together: yes, skewSeconds: { type: 'integer' }, forge: yes },
};
const validateSchema = { type: 'object', required: ['order'], properties: { order: text, refuseWith: text } };

/** The test's control as JSON, for a carrier started by hand (README.md). */
export function registerControlRoutes(app: FastifyInstance, carrier: CarrierControl): void {
  app.get('/control', () => stateOf(carrier));
  app.get('/control/orders', (request) => {
    const { reference } = request.query as { reference?: string };
    const orders = carrier.orders(reference);
    return { count: orders.length, orders };
  });
  app.get('/control/shipments', (request) => {
    const { reference } = request.query as { reference?: string };
    const shipments = carrier.shipments(reference);
    return { count: shipments.length, shipments };
  });
  app.post('/control/faults', { schema: { body: faultSchema } }, (request) => {
    const { call, fault, times } = request.body as FaultBody;
    carrier.fail(call, fault, times);
    return stateOf(carrier);
  });
  app.post('/control/modes', { schema: { body: modesSchema } }, (request) => {
    const { webhooks, asynchronous, ...modes } = request.body as ModesBody;
    carrier.setModes(modes);
    if (asynchronous !== undefined) carrier.setModes({ asynchronous: asynchronous === false ? undefined : asynchronous });
    if (webhooks !== undefined) carrier.webhooks.mode = webhooks;
    return stateOf(carrier);
  });
  app.post('/control/statuses', { schema: { body: statusSchema } }, (request) => {
    const { order, state, comment, at } = request.body as StatusBody;
    return orNotFound(() =>
      carrier.pushStatus(order, state, {
        ...(comment === undefined ? {} : { comment }),
        ...(at === undefined ? {} : { at: new Date(at) }),
      }),
    );
  });
  app.post('/control/validate', { schema: { body: validateSchema } }, (request) => {
    const { order, refuseWith } = request.body as { order: string; refuseWith?: string };
    return orNotFound(() => {
      carrier.validate(order, refuseWith);
      return stateOf(carrier);
    });
  });
  app.post('/control/webhooks', { schema: { body: flushSchema } }, async (request) => ({
    attempts: await carrier.flushWebhooks(request.body as WebhookFlush),
  }));
  app.post('/control/reset', () => {
    carrier.reset();
    return stateOf(carrier);
  });
}

function stateOf(carrier: CarrierControl): object {
  return {
    modes: { ...carrier.modes, asynchronous: carrier.modes.asynchronous ?? false, webhooks: carrier.webhooks.mode },
    orders: carrier.orders().length,
    shipments: carrier.shipments().length,
    duplicates: carrier.duplicates(),
    calls: carrier.calls.length,
    webhooks: carrier.webhooks.attempts,
  };
}

/** The control's own errors are the asker's: an order that is not there. */
function orNotFound<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw Object.assign(error as Error, { statusCode: 404 });
  }
}
