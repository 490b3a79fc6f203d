import type { FastifyInstance } from 'fastify';
import type { StripeModes } from './stripe-book.js';
import type { StripeControl } from './stripe-control.js';
import { STRIPE_CALLS, STRIPE_FAULT_KINDS, type StripeCall, type StripeFault } from './stripe-faults.js';
import { StripeRefusal } from './stripe-objects.js';
import type { StripeWebhookFlush } from './stripe-webhooks.js';

interface FaultBody {
  call: StripeCall | '*';
  fault: StripeFault;
  times?: number;
}

const ACTS = [
  ...(['open', 'pay', 'decline', 'process', 'settle', 'fail', 'expire', 'end-hold', 'refund', 'settle-refund', 'fail-refund'] as const),
  ...(['dispute', 'inquire', 'escalate', 'win-dispute', 'lose-dispute'] as const),
];

interface ActBody {
  /** A session's, payment's, refund's or dispute's id, or our reference: then the newest session of it. */
  id: string;
  act: (typeof ACTS)[number];
  /** Decline, failure or cancellation code; reason of a dispute. */
  code?: string;
  amount?: number;
}

interface ModesBody extends Partial<StripeModes> {
  webhooks?: 'auto' | 'hold' | 'off';
}

const text = { type: 'string' };
const whole = { type: 'integer', minimum: 0 };

const faultSchema = {
  type: 'object',
  required: ['call', 'fault'],
  properties: {
    call: { type: 'string', enum: ['*', ...STRIPE_CALLS] },
    times: { type: 'integer', minimum: 1 },
    fault: {
      type: 'object',
      required: ['kind'],
      properties: {
        kind: { type: 'string', enum: [...STRIPE_FAULT_KINDS] },
        ms: whole,
        status: { type: 'integer', minimum: 400, maximum: 599 },
        retryAfterSeconds: whole,
        code: text,
      },
      allOf: [
        { if: { properties: { kind: { const: 'delay' } } }, then: { required: ['ms'] } },
        { if: { properties: { kind: { const: 'decline' } } }, then: { required: ['code'] } },
      ],
    },
  },
};
const actSchema = {
  type: 'object',
  required: ['id', 'act'],
  properties: {
    id: text,
    act: {
      type: 'string',
      enum: [...ACTS],
    },
    code: text,
    amount: { type: 'integer', minimum: 1 },
  },
};
const modesSchema = {
  type: 'object',
  properties: {
    holdSeconds: whole,
    searchLagSeconds: whole,
    expands: { type: 'boolean' },
    pageSize: { type: 'integer', minimum: 1, maximum: 100 },
    refunds: { type: 'string', enum: ['succeeded', 'pending'] },
    webhooks: { type: 'string', enum: ['auto', 'hold', 'off'] },
  },
};
const endpointSchema = { type: 'object', required: ['url'], properties: { url: text, key: text } };
const accountSchema = { type: 'object', required: ['key', 'webhookSecret'], properties: { key: text, webhookSecret: text } };
const flushSchema = {
  type: 'object',
  properties: {
    copies: { type: 'integer', minimum: 1 },
    order: { type: 'string', enum: ['as-made', 'reverse', 'shuffled'] },
    only: { type: 'array', items: text },
    skewSeconds: { type: 'integer' },
    forge: { type: 'boolean' },
  },
};

/** The test's control as JSON, for a double started by hand (README.md). */
export function registerControlRoutes(app: FastifyInstance, double: StripeControl): void {
  app.get('/control', () => stateOf(double));
  app.get('/control/payments', (request) => {
    const { reference } = request.query as { reference?: string };
    const intents = double.intents(reference);
    const refunds = double.accounts
      .flatMap(({ book }) => book.refunds)
      .filter((refund) => intents.some(({ id }) => id === refund.payment_intent));
    return { sessions: double.sessions(reference), payments: intents, refunds };
  });
  app.post('/control/acts', { schema: { body: actSchema } }, (request) => orRefused(() => actOf(double, request.body as ActBody)));
  app.post('/control/time', { schema: { body: { type: 'object', required: ['seconds'], properties: { seconds: whole } } } }, (request) => {
    for (const { book } of double.accounts) book.advance((request.body as { seconds: number }).seconds);
    return stateOf(double);
  });
  app.post('/control/faults', { schema: { body: faultSchema } }, (request) => {
    const { call, fault, times } = request.body as FaultBody;
    double.fail(call, fault, times);
    return stateOf(double);
  });
  app.post('/control/modes', { schema: { body: modesSchema } }, (request) => {
    const { webhooks, ...modes } = request.body as ModesBody;
    double.setModes(modes);
    if (webhooks !== undefined) double.webhooks.mode = webhooks;
    return stateOf(double);
  });
  app.post('/control/accounts', { schema: { body: accountSchema } }, (request) => {
    const { key, webhookSecret } = request.body as { key: string; webhookSecret: string };
    return orRefused(() => {
      if (double.accountOf(key)) throw new Error('there is an account with that key already');
      double.addAccount(key, webhookSecret);
      return stateOf(double);
    });
  });
  app.post('/control/endpoint', { schema: { body: endpointSchema } }, (request) => {
    const { url, key = double.account.key } = request.body as { url: string; key?: string };
    return orRefused(() => {
      const account = double.accountOf(key);
      if (!account) throw new Error('there is no account with that key');
      account.webhookUrl = url;
      return stateOf(double);
    });
  });
  app.post('/control/webhooks', { schema: { body: flushSchema } }, async (request) => {
    await double.webhooks.flush(request.body as StripeWebhookFlush);
    return { attempts: double.webhooks.attempts };
  });
  app.post('/control/reset', () => {
    double.reset();
    return stateOf(double);
  });
}

function actOf(double: StripeControl, { id: given, act, code = 'generic_decline', amount }: ActBody): object {
  const session = double.sessions(given).at(-1);
  const id = session?.id ?? given;
  const book = double.bookWith(id);
  const intentId = session?.payment_intent ?? book.sessions.find((one) => one.id === id)?.payment_intent ?? id;
  switch (act) {
    case 'open':
      return book.begin(id);
    case 'pay':
      return book.pay(id);
    case 'decline':
      return book.pay(id, { declined: code });
    case 'process':
      return book.pay(id, 'processing');
    case 'settle':
      book.settle(intentId, 'succeeds');
      return book.intent(intentId);
    case 'fail':
      book.settle(intentId, { fails: code });
      return book.intent(intentId);
    case 'expire':
      return book.expireSession(id);
    case 'end-hold':
      return book.endHold(intentId, code === 'generic_decline' ? undefined : code);
    case 'refund':
      return book.refund(book.intent(intentId), amount);
    case 'settle-refund':
      return book.settleRefund(id, 'succeeds');
    case 'fail-refund':
      return book.settleRefund(id, { fails: code });
    case 'dispute':
    case 'inquire':
      return book.dispute(intentId, {
        ...(amount !== undefined && { amount }),
        ...(code !== 'generic_decline' && { reason: code }),
        inquiry: act === 'inquire',
      });
    case 'escalate':
      return book.escalate(id);
    case 'win-dispute':
      return book.closeDispute(id, 'won');
    case 'lose-dispute':
      return book.closeDispute(id, 'lost');
  }
}

function stateOf(double: StripeControl): object {
  return {
    accounts: double.accounts.map(({ book, webhookUrl }) => ({
      webhookUrl: webhookUrl ?? null,
      modes: book.modes,
      sessions: book.sessions.length,
      payments: book.intents.length,
      refunds: book.refunds.length,
      disputes: book.disputes.length,
      events: book.events.length,
    })),
    webhooks: { mode: double.webhooks.mode, attempts: double.webhooks.attempts },
    calls: double.calls.length,
  };
}

/** The control's own errors are the asker's. */
function orRefused<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw Object.assign(error as Error, { statusCode: error instanceof StripeRefusal ? error.status : 409 });
  }
}
