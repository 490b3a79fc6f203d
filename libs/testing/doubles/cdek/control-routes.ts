import type { FastifyInstance } from 'fastify';
import { buildObjectSchema, registerControl, TEXT, WHETHER, WHOLE } from '../control-routes.js';
import type { CdekControl, CdekModes } from './cdek-control.js';

const NOTHING = { type: 'null' };
const WHOLE_OR_NULL = { anyOf: [WHOLE, NOTHING] };

const MODES = {
  validateAfterMs: WHOLE_OR_NULL,
  refuseWith: { anyOf: [TEXT, NOTHING] },
  duplicates: { type: 'string', enum: ['at-once', 'later'] },
  tokenSeconds: WHOLE,
  printAfterMs: WHOLE_OR_NULL,
  prints: { type: 'string', enum: ['made', 'invalid', 'removed', 'vanished'] },
  revoked: { type: 'string', enum: ['marked', 'dropped'] },
  deleted: { type: 'string', enum: ['hidden', 'shown'] },
  latencyMs: WHOLE,
  callsPerSecond: WHOLE_OR_NULL,
  contract: { type: 'string', enum: ['shop', 'delivery'] },
  contractCurrency: { type: 'string', pattern: '^[A-Z]{3}$' },
  collectsAbroad: WHETHER,
  oldVat: { type: 'string', enum: ['refused', 'taken'] },
  paymentLimits: { type: 'object', additionalProperties: { type: 'integer', minimum: -1 } },
};

/** The test's control as JSON under `/control`, for a double started by hand (README.md). */
export function registerControlRoutes(app: FastifyInstance, cdek: CdekControl): void {
  const post = registerControl(app, cdek, {
    describe: () => describe(cdek),
    modes: MODES,
    // JSON has no undefined: null stands for it.
    setModes: (modes: object) =>
      cdek.setModes(Object.fromEntries(Object.entries(modes).map(([name, value]) => [name, value ?? undefined])) as Partial<CdekModes>),
    flush: { reverse: WHETHER },
  });
  const toList = <T>(items: readonly T[]): object => ({ count: items.length, items });
  app.get('/control/orders', (request) =>
    toList(
      cdek.orders((request.query as { number?: string }).number).map((order) => ({
        ...order,
        collected: cdek.collected(order.uuid),
        insured: cdek.insured(order.uuid),
        billedGrams: cdek.billedGrams(order.uuid),
      })),
    ),
  );
  app.get('/control/intakes', () => toList(cdek.intakes()));
  app.get('/control/requests', (request) => {
    const { call } = request.query as { call?: string };
    return toList(cdek.captured.filter((one) => call === undefined || one.call === call));
  });
  post<{ order: string; code: string; at?: string; city?: string; reason?: string }>(
    'statuses',
    buildObjectSchema({ order: TEXT, code: TEXT, at: TEXT, city: TEXT, reason: TEXT }, ['order', 'code']),
    ({ order, code, at, ...said }) => cdek.pushStatus(order, code, { ...(at !== undefined && { at: new Date(at) }), ...said }),
  );
  post<{ order: string; code: string }>('revoke', buildObjectSchema({ order: TEXT, code: TEXT }, ['order', 'code']), ({ order, code }) =>
    cdek.revokeStatus(order, code),
  );
  post<{ order: string; refuseWith?: string }>(
    'validate',
    buildObjectSchema({ order: TEXT, refuseWith: TEXT }, ['order']),
    ({ order, refuseWith }) => cdek.validate(order, refuseWith),
  );
  post('expire-tokens', undefined, () => cdek.expireTokens());
}

function describe(cdek: CdekControl): object {
  return {
    modes: {
      ...cdek.modes,
      validateAfterMs: cdek.modes.validateAfterMs ?? null,
      refuseWith: cdek.modes.refuseWith ?? null,
      printAfterMs: cdek.modes.printAfterMs ?? null,
      callsPerSecond: cdek.modes.callsPerSecond ?? null,
      webhooks: cdek.webhooks.mode,
    },
    orders: cdek.orders().length,
    intakes: cdek.intakes().length,
    duplicates: cdek.duplicates(),
    calls: cdek.captured.length,
    subscriptions: cdek.webhooks.subscriptions,
    webhooks: cdek.webhooks.attempts,
  };
}
