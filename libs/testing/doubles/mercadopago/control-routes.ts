import type { FastifyInstance } from 'fastify';
import { buildObjectSchema, registerControl, TEXT, WHETHER, WHOLE } from '../control-routes.js';
import { MERCADOPAGO_WAYS, type MercadoPagoWay } from './mercadopago-book.js';
import { type MercadoPagoAccountOptions, type MercadoPagoControl, type MercadoPagoTopic, OTHER_TOPICS } from './mercadopago-control.js';
import type { MercadoPagoModes } from './mercadopago-modes.js';
import { MercadoPagoRefusal } from './mercadopago-objects.js';
import { buildOrder } from './mercadopago-replies.js';
import { isAmount, readAmount, SITE_CODES } from './mercadopago-sites.js';

const ACTS = [
  ...(['pay', 'settle', 'refuse', 'cancel', 'end-hold', 'refund', 'settle-refund', 'fail-refund'] as const),
  ...(['dispute', 'lose-dispute', 'win-dispute'] as const),
];

interface ActBody {
  /** An order's or refund's id, or our reference: then the newest order of it. */
  id: string;
  act: (typeof ACTS)[number];
  /** How the buyer pays; why a payment is refused. */
  code?: string;
  /** Of a refund, as the API writes it; without it everything. */
  amount?: string;
}

const oneOf = (...values: readonly string[]): object => ({ type: 'string', enum: values });
const MODES: Readonly<Record<keyof MercadoPagoModes, object>> = {
  signedId: oneOf('lower', 'exact', 'by-token', 'neither'),
  signedTime: oneOf('seconds', 'milliseconds'),
  repeats: oneOf('same', 'new-time', 'new-request'),
  eventIds: WHETHER,
  refundEvents: WHETHER,
  webhookDelayMs: WHOLE,
  refundedStatus: oneOf('processed', 'refunded'),
  refunds: oneOf('processed', 'processing'),
  refundKeys: oneOf('kept', 'ignored'),
  partialRefunds: WHETHER,
  keyAfterError: oneOf('result', 'error', 'validation-failed'),
  keySeconds: WHOLE,
  searchLagSeconds: WHOLE,
  searchPages: oneOf('pages', 'offsets', 'either'),
  checkoutUrls: oneOf('everywhere', 'creation'),
  expiry: oneOf('stays', 'expires'),
  cancelsWaiting: WHETHER,
  cancelledTwice: oneOf('order_already_canceled', 'order_already_cancelled'),
  lateSlips: oneOf('returned', 'accepted'),
  holds: WHETHER,
  tries: oneOf('attempts', 'payments'),
  paymentNumbers: WHETHER,
  totalPaid: WHETHER,
  totalMismatch: oneOf('order_items_total_amount_mismatch', 'invalid_total_amount'),
  negativeLines: WHETHER,
  httpsReturn: WHETHER,
  returnQuery: WHETHER,
  referenceLength: WHOLE,
  descriptorLength: WHOLE,
  callsPerSecond: WHOLE,
};
const FLUSH = {
  order: oneOf('as-made', 'reverse'),
  only: { type: 'array', items: TEXT },
  skewSeconds: { type: 'integer' },
  forge: WHETHER,
  bodyId: TEXT,
  withoutId: WHETHER,
};

/** The test's control as JSON, for a double started by hand (README.md). */
export function registerControlRoutes(app: FastifyInstance, double: MercadoPagoControl): void {
  const post = registerControl(app, double, {
    describe: () => describe(double),
    modes: MODES,
    setModes: (modes: Partial<MercadoPagoModes>) => double.setModes(modes),
    flush: FLUSH,
    statusOf: (error) => (error instanceof MercadoPagoRefusal ? error.status : 409),
  });
  app.get('/control/orders', (request) => {
    const items = double.orders((request.query as { reference?: string }).reference);
    return { count: items.length, items: items.map((order) => buildOrder(order, double.ownerOf(order.id), true)) };
  });
  app.get('/control/requests', (request) => {
    const { call } = request.query as { call?: string };
    const items = double.calls.filter((one) => call === undefined || one.call === call);
    return { count: items.length, items };
  });
  post<ActBody>('acts', buildObjectSchema({ id: TEXT, act: oneOf(...ACTS), code: TEXT, amount: TEXT }, ['id', 'act']), (body) =>
    perform(double, body),
  );
  post<{ seconds: number }>('time', buildObjectSchema({ seconds: WHOLE }, ['seconds']), ({ seconds }) => double.advance(seconds));
  post<{ topic: MercadoPagoTopic; id: string }>(
    'notices',
    buildObjectSchema({ topic: oneOf(...OTHER_TOPICS), id: TEXT }, ['topic', 'id']),
    ({ topic, id }) => double.notify(topic, findOrderId(double, id)),
  );
  post<MercadoPagoAccountOptions>(
    'accounts',
    buildObjectSchema({ token: TEXT, site: oneOf(...SITE_CODES), webhookSecret: TEXT, webhookUrl: TEXT, isTest: WHETHER }, [
      'token',
      'site',
      'webhookSecret',
    ]),
    (options) => void double.addAccount(options),
  );
  post<{ url: string; token?: string }>(
    'webhook-url',
    buildObjectSchema({ url: TEXT, token: TEXT }, ['url']),
    ({ url, token = double.account.token }) => {
      const account = double.findAccount(token);
      if (!account) throw new Error('there is no account with that token');
      account.webhookUrl = url;
    },
  );
}

/** Does it; answers the order. */
function perform(double: MercadoPagoControl, { id: given, act, code, amount }: ActBody): object {
  const ofRefund = double.orders().find(({ refunds }) => refunds.some((one) => one.id === given));
  const id = ofRefund?.id ?? findOrderId(double, given);
  const account = double.ownerOf(id);
  const { book } = account;
  switch (act) {
    case 'pay':
      book.pay(id, readWay(code));
      break;
    case 'settle':
      book.settle(id);
      break;
    case 'refuse':
      book.settle(id, { refused: code ?? 'rejected_other_reason' });
      break;
    case 'cancel':
      book.cancel(id);
      break;
    case 'end-hold':
      book.endHold(id);
      break;
    case 'refund': {
      if (amount !== undefined && (!isAmount(amount, account.site) || readAmount(amount, account.site) === 0))
        throw new Error(`${amount} is no amount of ${account.site.currency}`);
      const paid = book.order(id).payments.find((one) => one.paid > 0);
      book.refund(id, amount === undefined || !paid ? undefined : [{ id: paid.id, amount }]);
      break;
    }
    case 'settle-refund':
      book.settleRefund(given, 'processed');
      break;
    case 'fail-refund':
      book.settleRefund(given, 'failed');
      break;
    case 'dispute':
      book.dispute(id);
      break;
    case 'lose-dispute':
      book.closeDispute(id, 'settled');
      break;
    case 'win-dispute':
      book.closeDispute(id, 'reimbursed');
      break;
  }
  return buildOrder(book.order(id), account, true);
}

function readWay(code = 'APRO'): MercadoPagoWay {
  const way = MERCADOPAGO_WAYS.find((one) => one === code);
  if (way === undefined) throw new Error(`the code is one of ${MERCADOPAGO_WAYS.join(', ')}`);
  return way;
}

/** The newest order of our reference, or the id itself. */
function findOrderId(double: MercadoPagoControl, given: string): string {
  return double.orders(given).at(-1)?.id ?? given;
}

function describe(double: MercadoPagoControl): object {
  return {
    modes: { ...double.modes, webhooks: double.webhooks.mode },
    accounts: double.accounts.map(({ siteCode, isTest, webhookUrl, book }) => ({
      ...{ site: siteCode, isTest, webhookUrl: webhookUrl ?? null, orders: book.orders.length },
      paid: book.orders.filter(({ payments }) => payments.some(({ paid }) => paid > 0)).length,
      refunds: book.orders.reduce((sum, { refunds }) => sum + refunds.length, 0),
    })),
    webhooks: double.webhooks.attempts,
    calls: double.calls.length,
  };
}
