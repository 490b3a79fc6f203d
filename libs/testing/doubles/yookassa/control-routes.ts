import type { FastifyInstance } from 'fastify';
import { AT_LEAST_ONE, buildObjectSchema, registerControl, TEXT, WHETHER, WHOLE } from '../control-routes.js';
import type { YooKassaShopSettings } from './yookassa-book.js';
import type { YooKassaControl, YooKassaServiceModes, YooKassaShop } from './yookassa-control.js';
import { YOOKASSA_EVENTS, type YooKassaEventName, YooKassaRefusal } from './yookassa-objects.js';
import { YOOKASSA_RECEIPTS } from './yookassa-receipts.js';

const ACTS = [
  ...(['pay', 'decline', 'expire', 'end-hold', 'capture', 'cancel', 'refund', 'settle-refund', 'fail-refund'] as const),
  ...(['register-receipt', 'fail-receipt'] as const),
];

interface ActBody {
  /** A payment's or refund's id, or our reference: then the newest payment of it. */
  id: string;
  act: (typeof ACTS)[number];
  /** The way and card that it is paid with. */
  way?: string;
  card?: string;
  /** Reason of a decline or of a refund that failed. */
  code?: string;
  /** Of a refund, in hundredths; all when left out. */
  amount?: number;
}

const oneOf = (...values: readonly string[]) => ({ type: 'string', enum: values });
const MAYBE = { type: ['integer', 'null'], minimum: 1 };
const RECEIPTS = oneOf(...YOOKASSA_RECEIPTS);
const MODES = {
  ...{ partialCapture: oneOf('captured', 'asked'), replays: oneOf('as-first', 'as-now'), refundMetadata: oneOf('kept', 'dropped') },
  ...{ declines: oneOf('end', 'stay'), unsure: oneOf('allowed', 'refused'), oldVat: oneOf('taken', 'refused') },
  ...{ refunds: oneOf('succeeded', 'pending', 'canceled'), registration: oneOf('pending', 'succeeded', 'canceled') },
  ...{ receiptFirst: WHETHER, holdSeconds: MAYBE, me: oneOf('answered', 'forbidden'), latencyMs: WHOLE },
  ...{ callsPerSecond: MAYBE, callsAtOnce: MAYBE, webhookDelayMs: WHOLE, webhookCopies: AT_LEAST_ONE },
  webhookFrom: { type: ['string', 'null'] },
};
const FLUSH = { reverse: WHETHER, only: { type: 'array', items: oneOf(...YOOKASSA_EVENTS) }, forge: TEXT };

/** The test's control as JSON, for a double started by hand (README.md). */
export function registerControlRoutes(app: FastifyInstance, double: YooKassaControl): void {
  const post = registerControl(app, double, {
    describe: () => describe(double),
    modes: MODES,
    // In JSON nothing is null.
    setModes: (modes: Partial<YooKassaServiceModes>) =>
      double.setModes(Object.fromEntries(Object.entries(modes).map(([name, value]) => [name, value ?? undefined]))),
    flush: FLUSH,
    statusOf: (error) => (error instanceof YooKassaRefusal ? error.status : 409),
  });
  app.get('/control/payments', (request) => {
    const { reference } = request.query as { reference?: string };
    return { payments: double.payments(reference), refunds: double.refunds(reference) };
  });
  app.get('/control/requests', (request) => {
    const { call } = request.query as { call?: string };
    const items = double.calls.filter((one) => call === undefined || one.call === call);
    return { count: items.length, items };
  });
  post<ActBody>(
    'acts',
    buildObjectSchema({ id: TEXT, act: oneOf(...ACTS), way: TEXT, card: TEXT, code: TEXT, amount: AT_LEAST_ONE }, ['id', 'act']),
    (body) => perform(double, body),
  );
  post<{ seconds: number }>('time', buildObjectSchema({ seconds: WHOLE }, ['seconds']), ({ seconds }) => {
    for (const { book } of double.shops) book.advance(seconds);
  });
  post<{ shopId: string; secretKey: string } & Partial<YooKassaShopSettings>>(
    'shops',
    buildObjectSchema({ shopId: TEXT, secretKey: TEXT, currency: TEXT, receipts: RECEIPTS }, ['shopId', 'secretKey']),
    (settings) => {
      const known = double.findShop(settings.shopId);
      if (known) Object.assign(known.settings, settings);
      else double.addShop({ currency: 'RUB', receipts: 'none', ...settings });
    },
  );
  post<{ url: string | null; shopId?: string; events?: YooKassaEventName[] }>(
    'endpoint',
    buildObjectSchema({ url: { type: ['string', 'null'] }, shopId: TEXT, events: { type: 'array', items: oneOf(...YOOKASSA_EVENTS) } }, [
      'url',
    ]),
    ({ url, shopId, events }) => {
      const shop = shopId === undefined ? double.shop : double.findShop(shopId);
      if (!shop) throw new Error('there is no shop of that id');
      shop.webhookUrl = url ?? undefined;
      if (events) shop.events = events;
    },
  );
}

function perform(double: YooKassaControl, { id: given, act, way, card, code, amount }: ActBody): object {
  const id = double.payments(given).at(-1)?.id ?? given;
  const { book } = double.shopWith(id);
  switch (act) {
    case 'pay':
      return book.pay(id, { ...(way !== undefined && { way }), ...(card !== undefined && { card }) });
    case 'decline':
      return book.decline(id, code);
    case 'expire':
      return book.expire(id);
    case 'end-hold':
      return book.endHold(id);
    case 'capture':
      return book.capture(id);
    case 'cancel':
      return book.cancel(id);
    case 'refund':
      return book.refundByHand(id, amount);
    case 'settle-refund':
      return book.settleRefund(id, 'succeeds');
    case 'fail-refund':
      return book.settleRefund(id, { fails: code ?? 'insufficient_funds' });
    case 'register-receipt':
      return book.register(id, 'succeeded');
    case 'fail-receipt':
      return book.register(id, 'canceled');
  }
}

function describe(double: YooKassaControl): object {
  return {
    shops: double.shops.map(describeShop),
    modes: double.modes,
    webhooks: { mode: double.webhooks.mode, attempts: double.webhooks.attempts },
    calls: double.calls.length,
  };
}

function describeShop({ settings, book, webhookUrl, events }: YooKassaShop): object {
  return {
    ...{ shopId: settings.shopId, receipts: settings.receipts, webhookUrl: webhookUrl ?? null, listens: events },
    ...{ payments: book.payments.length, refunds: book.refunds.length, receiptsMade: book.receipts.length, events: book.events.length },
  };
}
