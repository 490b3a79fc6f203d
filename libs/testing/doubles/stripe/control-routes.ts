import type { FastifyInstance } from 'fastify';
import { AT_LEAST_ONE, buildObjectSchema, registerControl, TEXT, WHETHER, WHOLE } from '../control-routes.js';
import type { StripeModes } from './stripe-book.js';
import type { StripeControl } from './stripe-control.js';
import { type StripeCall, WIRE } from './stripe-wire.js';
import { listCallNames } from '../../double/wire.js';
import { StripeRefusal } from './stripe-objects.js';

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

const MODES = {
  holdSeconds: WHOLE,
  searchLagSeconds: WHOLE,
  expands: WHETHER,
  pageSize: { type: 'integer', minimum: 1, maximum: 100 },
  refunds: { type: 'string', enum: ['succeeded', 'pending'] },
};
const FLUSH = {
  order: { type: 'string', enum: ['as-made', 'reverse', 'shuffled'] },
  only: { type: 'array', items: TEXT },
  skewSeconds: { type: 'integer' },
  forge: WHETHER,
};

/** The test's control as JSON, for a double started by hand (README.md). */
export function registerControlRoutes(app: FastifyInstance, double: StripeControl): void {
  const post = registerControl(app, double, {
    describe: () => describe(double),
    modes: MODES,
    setModes: (modes: Partial<StripeModes>) => double.setModes(modes),
    flush: FLUSH,
    statusOf: (error) => (error instanceof StripeRefusal ? error.status : 409),
  });
  app.get('/control/payments', (request) => {
    const { reference } = request.query as { reference?: string };
    const intents = double.intents(reference);
    const refunds = double.accounts
      .flatMap(({ book }) => book.refunds)
      .filter((refund) => intents.some(({ id }) => id === refund.payment_intent));
    return { sessions: double.sessions(reference), payments: intents, refunds };
  });
  post<ActBody>(
    'acts',
    buildObjectSchema({ id: TEXT, act: { type: 'string', enum: [...ACTS] }, code: TEXT, amount: AT_LEAST_ONE }, ['id', 'act']),
    (body) => perform(double, body),
  );
  post<{ seconds: number }>('time', buildObjectSchema({ seconds: WHOLE }, ['seconds']), ({ seconds }) => {
    for (const { book } of double.accounts) book.advance(seconds);
  });
  post<{ key: string; webhookSecret: string }>(
    'accounts',
    buildObjectSchema({ key: TEXT, webhookSecret: TEXT }, ['key', 'webhookSecret']),
    ({ key, webhookSecret }) => {
      if (double.findAccount(key)) throw new Error('there is an account with that key already');
      double.addAccount(key, webhookSecret);
    },
  );
  post<{ key: string; of?: string; forbidden: StripeCall[] }>(
    'restricted-keys',
    buildObjectSchema({ key: TEXT, of: TEXT, forbidden: { type: 'array', items: { type: 'string', enum: listCallNames(WIRE) } } }, [
      'key',
      'forbidden',
    ]),
    ({ key, of = double.account.key, forbidden }) => {
      const account = double.findAccount(of);
      if (!account) throw new Error('there is no account with that key');
      account.addRestrictedKey(key, forbidden);
    },
  );
  post<{ url: string; key?: string }>(
    'endpoint',
    buildObjectSchema({ url: TEXT, key: TEXT }, ['url']),
    ({ url, key = double.account.key }) => {
      const account = double.findAccount(key);
      if (!account) throw new Error('there is no account with that key');
      account.webhookUrl = url;
    },
  );
}

function perform(double: StripeControl, { id: given, act, code = 'generic_decline', amount }: ActBody): object {
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

function describe(double: StripeControl): object {
  return {
    accounts: double.accounts.map(({ book, endpoints, webhookUrl }) => ({
      webhookUrl: webhookUrl ?? null,
      endpoints: endpoints.list(),
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
