import type { FastifyInstance } from 'fastify';
import type { CdekControl, CdekModes } from './cdek-control.js';
import { CDEK_CALLS, CDEK_FAULT_KINDS, type CdekCall, type CdekFault } from './cdek-faults.js';
import type { CdekWebhookFlush } from './cdek-webhooks.js';

const text = { type: 'string' };
const whole = { type: 'integer', minimum: 0 };
const yes = { type: 'boolean' };
const nothing = { type: 'null' };
const wholeOrNull = { anyOf: [whole, nothing] };

const faultSchema = {
  type: 'object',
  required: ['call', 'fault'],
  properties: {
    call: { type: 'string', enum: ['*', ...CDEK_CALLS] },
    times: { type: 'integer', minimum: 1 },
    fault: {
      type: 'object',
      required: ['kind'],
      allOf: [
        { if: { properties: { kind: { enum: ['delay', 'late'] } } }, then: { required: ['ms'] } },
        { if: { properties: { kind: { const: 'refuse' } } }, then: { required: ['code'] } },
      ],
      properties: {
        kind: { type: 'string', enum: [...CDEK_FAULT_KINDS] },
        ms: whole,
        status: { type: 'integer', minimum: 400, maximum: 599 },
        retryAfterSeconds: whole,
        code: text,
        message: text,
      },
    },
  },
};
const modesSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    validateAfterMs: wholeOrNull,
    refuseWith: { anyOf: [text, nothing] },
    duplicates: { type: 'string', enum: ['at-once', 'later'] },
    tokenSeconds: whole,
    printAfterMs: wholeOrNull,
    prints: { type: 'string', enum: ['made', 'invalid', 'removed', 'vanished'] },
    revoked: { type: 'string', enum: ['marked', 'dropped'] },
    deleted: { type: 'string', enum: ['hidden', 'shown'] },
    latencyMs: whole,
    callsPerSecond: wholeOrNull,
    webhooks: { type: 'string', enum: ['auto', 'hold', 'off'] },
  },
};
const statusSchema = {
  type: 'object',
  required: ['order', 'code'],
  properties: { order: text, code: text, at: text, city: text, reason: text },
};
const revokeSchema = { type: 'object', required: ['order', 'code'], properties: { order: text, code: text } };
const validateSchema = { type: 'object', required: ['order'], properties: { order: text, refuseWith: text } };
const flushSchema = { type: 'object', properties: { copies: { type: 'integer', minimum: 1 }, reverse: yes } };

/** The test's control as JSON under `/control`, for a double started by hand (README.md). */
export function registerControlRoutes(app: FastifyInstance, cdek: CdekControl): void {
  const listOf = <T>(items: readonly T[]): object => ({ count: items.length, items });
  app.get('/control', () => stateOf(cdek));
  app.get('/control/orders', (request) => listOf(cdek.orders((request.query as { number?: string }).number)));
  app.get('/control/intakes', () => listOf(cdek.intakes()));
  app.get('/control/requests', (request) => {
    const { call } = request.query as { call?: string };
    return listOf(cdek.captured.filter((one) => call === undefined || one.call === call));
  });
  app.post('/control/faults', { schema: { body: faultSchema } }, (request) => {
    const { call, fault, times } = request.body as { call: CdekCall | '*'; fault: CdekFault; times?: number };
    cdek.fail(call, fault, times);
    return stateOf(cdek);
  });
  app.post('/control/modes', { schema: { body: modesSchema } }, (request) => {
    const { webhooks, ...modes } = request.body as { [name: string]: unknown };
    // JSON has no undefined: null stands for it.
    const given = Object.fromEntries(Object.entries(modes).map(([name, value]) => [name, value ?? undefined])) as Partial<CdekModes>;
    cdek.setModes(given);
    if (webhooks !== undefined) cdek.webhooks.mode = webhooks as 'auto' | 'hold' | 'off';
    return stateOf(cdek);
  });
  app.post('/control/statuses', { schema: { body: statusSchema } }, (request) => {
    const { order, code, at, city, reason } = request.body as { order: string; code: string; at?: string; city?: string; reason?: string };
    return orNotFound(() =>
      cdek.pushStatus(order, code, { ...(at && { at: new Date(at) }), ...(city && { city }), ...(reason && { reason }) }),
    );
  });
  app.post('/control/revoke', { schema: { body: revokeSchema } }, (request) => {
    const { order, code } = request.body as { order: string; code: string };
    return orNotFound(() => cdek.revokeStatus(order, code));
  });
  app.post('/control/validate', { schema: { body: validateSchema } }, (request) => {
    const { order, refuseWith } = request.body as { order: string; refuseWith?: string };
    return orNotFound(() => {
      cdek.validate(order, refuseWith);
      return stateOf(cdek);
    });
  });
  app.post('/control/expire-tokens', () => {
    cdek.expireTokens();
    return stateOf(cdek);
  });
  app.post('/control/webhooks', { schema: { body: flushSchema } }, async (request) => ({
    attempts: await cdek.flushWebhooks(request.body as CdekWebhookFlush),
  }));
  app.post('/control/reset', () => {
    cdek.reset();
    return stateOf(cdek);
  });
}

function stateOf(cdek: CdekControl): object {
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

/** The control's own errors are the asker's: an order that is not there. */
function orNotFound<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw Object.assign(error as Error, { statusCode: 404 });
  }
}
