import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CreateRequest, ExistingPayment, PaymentState } from '#payment/port';
import { getParser } from '#platform';
import { ProviderError, toMoney } from '#provider-kit';
import { accountSettings, providerContext } from '../../testing/builders.js';
import {
  MERCADOPAGO_SITES,
  MercadoPagoDouble,
  type MercadoPagoFault,
  type MercadoPagoModes,
  type MercadoPagoWay,
} from '../../../lab/doubles/mercadopago/index.js';
import { invoiceItem, invoiceRequest, storedPayment } from '../../../lab/doubles/stripe/index.js';
import { PostedWebhooks } from '../../testing/posted-webhooks.js';
import { MercadoPagoProvider } from './mercadopago.provider.js';
import { type MercadoPagoContext, MercadoPagoSettings } from './mercadopago.settings.js';
import { COUNTRIES } from './seller.js';

const TOKEN = 'APP_USR-double';
const DAY_MS = 86_400_000;

let double: MercadoPagoDouble;
let provider: MercadoPagoProvider;
let context: MercadoPagoContext;

function makeContext(shop: object = {}): MercadoPagoContext {
  const shops = [{ code: 'main', name: 'Main', accessToken: TOKEN, webhookSecret: 'mercadopago-double-secret', ...shop }];
  return providerContext(getParser(MercadoPagoSettings).parse({ shops }), {
    connectionId: randomUUID(),
    now: new Date(),
    signal: AbortSignal.timeout(20_000),
  });
}

beforeAll(async () => {
  double = await MercadoPagoDouble.start({ token: TOKEN });
});
afterAll(() => double.close());
beforeEach(() => {
  double.reset();
  provider = new MercadoPagoProvider(double.url);
  context = makeContext();
});

const newKey = (): string => randomUUID();
/** A reference as the integration makes it: a UUID that begins with the time. */
function makeReference(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
const makeInvoice = (changes: Partial<CreateRequest> = {}): CreateRequest => invoiceRequest({ reference: makeReference(), ...changes });
const later = (ms: number): MercadoPagoContext => ({ ...context, now: new Date(Date.now() + ms) });

async function registered(changes: Partial<CreateRequest> = {}): Promise<ExistingPayment> {
  const request = makeInvoice(changes);
  return storedPayment(request, await provider.create(request, context));
}

/** The payment as the integration stores it: the state of `get`, with the previous memory. */
const after = (payment: ExistingPayment, ...states: PaymentState[]): ExistingPayment => {
  const next = storedPayment(payment.request, ...states);
  return { ...next, memory: states.at(-1)?.memory ?? payment.memory };
};
const read = async (payment: ExistingPayment): Promise<ExistingPayment> => after(payment, await provider.get(payment, context));
async function paid(changes: Partial<CreateRequest> = {}): Promise<ExistingPayment> {
  const payment = await registered(changes);
  double.book.pay(payment.externalId ?? '');
  return read(payment);
}
const open = (payment: ExistingPayment, given = context) => provider.openCheckout(payment, { key: newKey() }, given);
const refund = (payment: ExistingPayment, minor: number, key: string) =>
  provider.refund(payment, { key, amount: toMoney(minor, payment.request.amount.currency) }, context);

async function kindOf(call: Promise<unknown>): Promise<string | undefined> {
  return call.then(
    () => undefined,
    (error: unknown) => (error instanceof ProviderError ? error.kind : String(error)),
  );
}

const LOST: [name: string, fault: MercadoPagoFault][] = [
  ['500 after it acted', { kind: 'error-after' }],
  ['the reply lost', { kind: 'drop-after' }],
  ['half a reply', { kind: 'cut' }],
  ['no JSON', { kind: 'invalid-json' }],
  ['500 before it acted', { kind: 'error-before' }],
  ['busy with it', { kind: 'locked' }],
];
const AFTER_ERRORS: MercadoPagoModes['keyAfterError'][] = ['result', 'error', 'validation-failed'];

describe('an unknown outcome', () => {
  describe.each(LOST)('by %s', (_name, fault) => {
    it.each(AFTER_ERRORS)('of a new invoice comes to one order (its key then: %s)', async (keyAfterError) => {
      double.setModes({ keyAfterError });
      const request = makeInvoice();
      double.fail('createOrder', fault);
      expect(await kindOf(provider.create(request, context))).toBe('unknown_outcome');
      // As the integration recovers it.
      const found = (await provider.find(request.reference, context)) ?? (await provider.create(request, context));
      expect(double.orders(request.reference).map(({ id }) => id)).toEqual([found.externalId]);
      expect((await open(storedPayment(request, found))).url).toContain(String(found.externalId));
    });

    it('of a next order leads to an order that can be paid', async () => {
      double.setModes({ keyAfterError: 'error' });
      const payment = await registered();
      double.book.cancel(payment.externalId ?? '');
      double.fail('createOrder', fault);
      await kindOf(open(payment));
      const { url, state } = await open(payment);
      expect(url).toContain(String(state.externalId));
      expect(double.orders(payment.id)).toHaveLength(2);
    });

    it.each(['kept', 'ignored'] as const)('of a refund comes to one refund (keys: %s)', async (refundKeys) => {
      double.setModes({ refundKeys });
      const payment = await paid();
      const key = newKey();
      double.fail('refundOrder', fault);
      expect(await kindOf(refund(payment, 30_00, key))).toBe('unknown_outcome');
      // A poll or webhook may be faster than the repeat.
      const polled = await read(payment);
      const answer = await refund(polled, 30_00, key);
      expect(answer.refunds?.map(({ reference, amount }) => [reference, amount.minor])).toEqual([[key, 30_00]]);
      expect(double.orders(payment.id)[0]?.refunds).toHaveLength(1);
      expect((await read(payment)).refunds.map(({ id }) => id)).toEqual([key]);
    });

    it('of a cancellation comes to a cancelled invoice', async () => {
      const payment = await registered();
      double.fail('cancelOrder', fault);
      expect(await kindOf(provider.cancel(payment, { key: newKey() }, context))).toBe('unknown_outcome');
      expect((await provider.cancel(payment, { key: newKey() }, context)).status).toBe('canceled');
      expect(double.orders(payment.id)[0]?.status).toBe('canceled');
    });
  });

  it('is one order although the search lags behind', async () => {
    double.setModes({ searchLagSeconds: 60 });
    const request = makeInvoice();
    double.fail('createOrder', { kind: 'error-after' });
    await kindOf(provider.create(request, context));
    expect(await provider.find(request.reference, context)).toBeUndefined();
    await provider.create(request, context);
    expect(double.orders(request.reference)).toHaveLength(1);
  });
});

describe('money of each country', () => {
  it.each(MERCADOPAGO_SITES)('is exact in %s', async (site) => {
    const currency = COUNTRIES.get(site)?.currency ?? '';
    double.addAccount({ token: 'APP_USR-site', site, webhookSecret: 'x' });
    context = makeContext({ accessToken: 'APP_USR-site' });
    // Of whole pesos: CLP has no minor units, COP hundreds.
    const whole = currency === 'COP' ? 1_234_500 : 12_345;
    const half = currency === 'COP' ? 34_500 : 345;
    const request = makeInvoice({ amount: toMoney(whole, currency), items: [invoiceItem('Té', whole, 1, currency)] });
    const payment = storedPayment(request, await provider.create(request, context));
    double.accounts.at(-1)?.pay(payment.externalId ?? '');
    const state = await provider.get(payment, context);
    expect([state.status, state.captured]).toEqual(['succeeded', toMoney(whole, currency)]);
    const taken = after(payment, state);
    const [first, second] = [newKey(), newKey()];
    expect((await refund(taken, half, first)).refunds).toMatchObject([{ reference: first, amount: toMoney(half, currency) }]);
    const rest = after(taken, await provider.get(taken, context));
    await refund(rest, whole - half, second);
    const end = await provider.get(rest, context);
    expect(end.refunds?.reduce((sum, { amount }) => sum + amount.minor, 0)).toBe(whole);
    expect(end.status).toBe('succeeded');
  });
});

describe('Mercado Pago as its pages leave it open', () => {
  const MODES: Partial<MercadoPagoModes>[] = [
    {},
    { refundedStatus: 'refunded' },
    { checkoutUrls: 'creation' },
    { tries: 'payments', totalPaid: false, paymentNumbers: false },
    { expiry: 'expires' },
    { cancelledTwice: 'order_already_cancelled', searchPages: 'offsets' },
    { searchPages: 'pages', httpsReturn: true, descriptorLength: 10 },
  ];

  it.each(MODES)('takes a refused try, a payment and its refund: %j', async (modes) => {
    double.setModes(modes);
    context = makeContext({ statementDescriptor: 'TIENDA SUR', maxInstallments: 3, excludedTypes: ['ticket'], excludedMethods: ['amex'] });
    const payment = await registered();
    const { url } = await open(payment);
    double.book.pay(payment.externalId ?? '', 'FUND');
    expect((await provider.get(payment, context)).status).toBe('pending');
    expect((await open(payment)).url).toBe(url);
    double.book.pay(payment.externalId ?? '');
    const taken = await read(payment);
    expect([taken.status, taken.captured]).toEqual(['succeeded', payment.request.amount]);
    const key = newKey();
    await refund(taken, taken.request.amount.minor, key);
    const end = await read(taken);
    expect([end.status, end.refunds.map(({ id, status }) => [id, status])]).toEqual(['succeeded', [[key, 'succeeded']]]);
  });

  it.each(['stays', 'expires'] as const)('opens the next page after the time of one, which %s', async (expiry) => {
    double.setModes({ expiry });
    const payment = await registered();
    double.advance(8 * 86_400);
    const { url, state } = await open(payment, later(8 * DAY_MS));
    expect(url).toContain(String(state.externalId));
    expect(double.orders(payment.id).map(({ status }) => status)).toEqual([expiry === 'stays' ? 'canceled' : 'expired', 'created']);
    double.book.pay(state.externalId ?? '');
    expect((await provider.get(after(payment, state), context)).status).toBe('succeeded');
  });

  it.each<[MercadoPagoWay, string]>([
    ['ticket', 'canceled'],
    ['transfer', 'canceled'],
    ['CONT', 'rejected'],
  ])('opens no second page while %s is on its way, and cancels it where that is possible', async (way, outcome) => {
    const payment = await registered();
    double.book.pay(payment.externalId ?? '', way);
    expect(await open(payment)).toEqual({ state: { externalId: payment.externalId, status: 'pending' } });
    const state = await provider.cancel(payment, { key: newKey() }, context).catch((error: ProviderError) => ({ status: error.kind }));
    expect(state.status).toBe(outcome);
  });

  it.each(['returned', 'accepted'] as const)(
    'reads a cancelled slip on while it may be paid, and gives money back that is %s',
    async (lateSlips) => {
      double.setModes({ lateSlips });
      const payment = await registered();
      double.book.pay(payment.externalId ?? '', 'ticket');
      const cancelled = await provider.cancel(payment, { key: newKey() }, context);
      expect([cancelled.status, Number(cancelled.expiresAt) > Date.now() + DAY_MS]).toEqual(['canceled', true]);
      const stored = after(payment, cancelled);
      expect(await provider.get(stored, context)).toEqual({
        status: 'canceled',
        externalId: payment.externalId,
        expiresAt: cancelled.expiresAt,
      });
      expect(await provider.get(stored, later(4 * DAY_MS))).toEqual({ status: 'canceled', externalId: payment.externalId });
      double.book.settle(payment.externalId ?? '');
      const late = await provider.get(stored, context);
      expect(late.status).toBe(lateSlips === 'returned' ? 'canceled' : 'succeeded');
      if (lateSlips === 'returned') return;
      const key = newKey();
      expect((await refund(stored, payment.request.amount.minor, key)).refunds).toMatchObject([{ reference: key }]);
    },
  );

  it('states that a slip is pending which Mercado Pago does not cancel', async () => {
    double.setModes({ cancelsWaiting: false });
    const payment = await registered();
    double.book.pay(payment.externalId ?? '', 'ticket');
    const cancelled = provider.cancel(payment, { key: newKey() }, { ...context, account: accountSettings({ language: 'en' }) });
    await expect(cancelled).rejects.toMatchObject({ kind: 'rejected', message: expect.stringContaining('slip or a transfer') });
  });

  it('has refunds that take their time, and may fail', async () => {
    double.setModes({ refunds: 'processing' });
    const payment = await paid();
    const [first, second] = [newKey(), newKey()];
    expect((await refund(payment, 30_00, first)).refunds).toMatchObject([{ reference: first, status: 'pending' }]);
    // One at a time.
    expect(await kindOf(refund(await read(payment), 20_00, second))).toBe('unknown_outcome');
    const [made] = double.orders(payment.id)[0]?.refunds ?? [];
    double.book.settleRefund(made?.id ?? '', 'failed');
    expect((await provider.get(payment, context)).refunds).toMatchObject([{ reference: first, status: 'canceled' }]);
    const answer = await refund(await read(payment), 20_00, second);
    expect(answer.refunds).toMatchObject([{ reference: first }, { reference: second, status: 'pending' }]);
  });

  it('tells the panel’s refund from ours of the same amount', async () => {
    const payment = await paid();
    const account = double.orders(payment.id)[0]?.payments[0];
    double.book.refund(payment.externalId ?? '', [{ id: account?.id ?? '', amount: '30.00' }]);
    const key = newKey();
    const answer = await refund(payment, 30_00, key);
    expect(answer.refunds?.map(({ reference }) => reference)).toEqual([undefined, key]);
  });

  it('takes no test buyer’s true address, and no application of another product', async () => {
    double.addAccount({ token: 'APP_USR-test', site: 'MLM', webhookSecret: 'x', isTest: true });
    context = makeContext({ accessToken: 'APP_USR-test' });
    expect((await registered()).externalId).toMatch(/^ORDTST/);
    double.fail('createOrder', { kind: 'policy' });
    await expect(provider.create(makeInvoice(), context)).rejects.toMatchObject({
      kind: 'auth',
      message: expect.stringContaining('Checkout Pro'),
    });
  });

  it.each<Partial<MercadoPagoModes>>([
    { signedId: 'lower' },
    { signedId: 'exact' },
    { signedTime: 'milliseconds' },
    { eventIds: true, signedId: 'by-token' },
  ])('signs its webhooks: %j', async (modes) => {
    const posted = await PostedWebhooks.start();
    double.setModes(modes);
    double.account.webhookUrl = `${posted.url}hook?client=name`;
    double.webhooks.mode = 'hold';
    const payment = await registered();
    double.book.pay(payment.externalId ?? '');
    await double.webhooks.flush();
    const requests = posted.take();
    await posted.close();
    expect(requests).toHaveLength(2);
    for (const request of requests) {
      expect(provider.webhook.verify(request, context)).toBe(true);
      expect(provider.webhook.parse(request)).toMatchObject([{ externalId: payment.externalId, reference: payment.id }]);
    }
  });
});
