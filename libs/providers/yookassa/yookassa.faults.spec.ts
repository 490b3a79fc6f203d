import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CaptureMode, CreateRequest, ExistingPayment, InvoiceItem, PaymentState } from '#payment/port';
import { getParser } from '#platform';
import { ProviderError, toMoney, type ProviderContext } from '#provider-kit';
import { providerContext, webhookRequest } from '../../testing/builders.js';
import { existingPayment } from '../../testing/conformance/index.js';
import { YooKassaDouble, type YooKassaFault } from '../../../lab/doubles/yookassa/index.js';
import { YookassaProvider } from './yookassa.provider.js';
import { YookassaSettings, type YookassaShop } from './yookassa.settings.js';

/** Failures at YooKassa, and on the way to it, against a double that is just as unpredictable. */

let double: YooKassaDouble;

beforeAll(async () => {
  double = await YooKassaDouble.start({ receipts: 'yoomoney' });
});
afterAll(() => double.close());
beforeEach(() => {
  double.reset();
  double.webhooks.mode = 'off';
});

function makeContext(shop: Partial<YookassaShop> = {}, ms = 10_000): ProviderContext<YookassaSettings> {
  const base = { code: 'main', name: 'Main', shopId: '100500', secretKey: 'test_double_key', receipts: 'yookassa' };
  const settings = getParser(YookassaSettings).parse({ callsPerSecond: 1000, shops: [{ ...base, ...shop }] });
  return providerContext(settings, { connectionId: randomUUID(), now: new Date(), signal: AbortSignal.timeout(ms) });
}

/** A freshly started module without any memory. */
function freshProvider(): YookassaProvider {
  return new YookassaProvider(double.url);
}

function invoice(capture: CaptureMode = 'automatic', changes: Partial<CreateRequest> = {}): CreateRequest {
  const rouble = (minor: number): ReturnType<typeof toMoney> => toMoney(minor, 'RUB');
  return {
    ...{ reference: uuidOfNow(), invoiceUuid: randomUUID(), shop: 'main', capture, amount: rouble(1_000_00), orderNumber: '1001' },
    ...{ payUrl: 'https://m.example/pay/1', doneUrl: 'https://m.example/pay/1?done=1' },
    items: [
      { name: 'Чайник', price: rouble(333_33), quantity: 2, total: rouble(666_66), vat: 'vat20' },
      { name: 'Чай', price: rouble(1_000_00), quantity: 0.333, total: rouble(333_34), vat: 'vat10', measurementUnit: 'kg' },
    ],
    buyer: { email: 'olga@example.com', phone: '+7 916 123-45-67' },
    ...changes,
  };
}

async function registered(capture: CaptureMode = 'automatic'): Promise<ExistingPayment> {
  const request = invoice(capture);
  return existingPayment(request, await freshProvider().create(request, makeContext()));
}

async function refresh(payment: ExistingPayment): Promise<ExistingPayment> {
  const { memory } = payment;
  return { ...existingPayment(payment, await freshProvider().get(payment, makeContext())), memory };
}

async function paid(capture: CaptureMode): Promise<ExistingPayment> {
  const payment = await registered(capture);
  double.book.pay(payment.externalId ?? '');
  return refresh(payment);
}

async function fail(call: Promise<unknown>): Promise<ProviderError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProviderError)) throw new Error('it should have failed', { cause: error });
  return error;
}

/** A version 7 UUID: the kind that references are, beginning with the time. */
function uuidOfNow(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

const ACTED: YooKassaFault[] = [{ kind: 'drop-after' }, { kind: 'error-after', status: 500 }, { kind: 'processing' }];
const NOT_ACTED: YooKassaFault[] = [{ kind: 'drop-before' }, { kind: 'error-before', status: 500 }];

describe('a lost reply', () => {
  it.each([...ACTED, ...NOT_ACTED])('of a new payment ($kind) is made up for: there is one', async (fault) => {
    double.fail('createPayment', fault);
    const request = invoice();
    const state = await freshProvider().create(request, makeContext());
    expect(double.payments(request.reference).map(({ id }) => id)).toEqual([state.externalId]);
  });

  it.each([...ACTED, ...NOT_ACTED])('that stays lost ($kind) leaves it unknown, and is found or made once later', async (fault) => {
    double.fail('createPayment', fault, 3);
    const request = invoice();
    expect((await fail(freshProvider().create(request, makeContext()))).kind).toBe('unknown_outcome');
    const found = await freshProvider().find(request.reference, makeContext());
    expect(found !== undefined).toBe(ACTED.includes(fault));
    const state = found ?? (await freshProvider().create(request, makeContext()));
    expect(state).toMatchObject({ status: 'pending', memory: { attempt: '1' } });
    expect(double.payments(request.reference)).toHaveLength(1);
  });

  it.each([...ACTED, ...NOT_ACTED])('of a capture ($kind) takes the money once', async (fault) => {
    const held = await paid('manual');
    const key = randomUUID();
    double.fail('capturePayment', fault, 3);
    expect((await fail(freshProvider().approve(held, { key, amount: toMoney(600_25, 'RUB') }, makeContext()))).kind).toBe(
      'unknown_outcome',
    );
    const state = await freshProvider().approve(held, { key, amount: toMoney(600_25, 'RUB') }, makeContext());
    expect(state).toMatchObject({ status: 'succeeded', captured: toMoney(600_25, 'RUB') });
    expect(double.payments(held.id)).toMatchObject([{ status: 'succeeded', amount: { value: '600.25' } }]);
  });

  it.each([...ACTED, ...NOT_ACTED])('of a refund ($kind) gives it back once', async (fault) => {
    const taken = await paid('automatic');
    const key = randomUUID();
    double.fail('createRefund', fault, 3);
    expect((await fail(freshProvider().refund(taken, { key, amount: toMoney(100_01, 'RUB') }, makeContext()))).kind).toBe(
      'unknown_outcome',
    );
    const { refunds } = await freshProvider().refund(taken, { key, amount: toMoney(100_01, 'RUB') }, makeContext());
    expect(refunds).toMatchObject([{ reference: key, status: 'succeeded' }]);
    expect(double.refunds(taken.id)).toHaveLength(1);
  });

  it('of a second payment does not affect a waiting buyer, because its address was not handed out', async () => {
    const payment = await registered();
    double.book.decline(payment.externalId ?? '');
    double.fail('createPayment', { kind: 'drop-after' }, 3);
    expect((await fail(freshProvider().openCheckout(payment, { key: randomUUID() }, makeContext()))).kind).toBe('unavailable');
    const { url } = await freshProvider().openCheckout(payment, { key: randomUUID() }, makeContext());
    expect(url).toMatch(/^http/);
    expect(double.payments(payment.id).map(({ status }) => status)).toEqual(['canceled', 'pending']);
  });
});

describe('the link', () => {
  it('outlives payments: it always leads to one payable payment, and never to two', async () => {
    let payment = await registered();
    for (let turn = 0; turn < 4; turn++) {
      const { url, state } = await freshProvider().openCheckout(payment, { key: randomUUID() }, makeContext());
      const open = double.payments(payment.id).filter(({ status }) => status === 'pending');
      expect(open.map(({ id }) => id)).toEqual([state.externalId]);
      expect(url).toContain(state.externalId);
      payment = existingPayment(payment, state);
      if (turn === 3) break;
      if (turn % 2 === 0) double.book.pay(state.externalId ?? '', { card: '5555555555554600' });
      else double.book.advance(3_601);
      payment = await refresh(payment);
      expect(payment.status).toBe('pending');
    }
    expect(double.payments(payment.id)).toHaveLength(4);
    double.book.pay(payment.externalId ?? '');
    expect((await refresh(payment)).status).toBe('succeeded');
  });

  it('of a canceled invoice may still be paid: its deadline is reported, and arriving money is seen', async () => {
    const payment = await registered();
    const state = await freshProvider().cancel(payment, { key: randomUUID() }, makeContext());
    expect(Number(state.expiresAt) - Date.now()).toBeGreaterThan(3_600_000);
    const canceled = existingPayment(payment, state);
    double.book.pay(payment.externalId ?? '');
    expect(await freshProvider().get(canceled, makeContext())).toMatchObject({ status: 'succeeded', captured: toMoney(1_000_00, 'RUB') });
    await freshProvider().refund(canceled, { key: randomUUID(), amount: toMoney(1_000_00, 'RUB') }, makeContext());
    expect(double.refunds(payment.id)).toMatchObject([{ amount: { value: '1000.00' } }]);
  });

  it('of a cancelled invoice of two stages: the late hold is released', async () => {
    const payment = await registered('manual');
    const canceled = existingPayment(payment, await freshProvider().cancel(payment, { key: randomUUID() }, makeContext()));
    double.book.pay(payment.externalId ?? '');
    expect(await freshProvider().get(canceled, makeContext())).toMatchObject({ status: 'waitingForCapture' });
    expect(await freshProvider().cancel(canceled, { key: randomUUID() }, makeContext())).toMatchObject({ status: 'canceled' });
    expect(double.payments(payment.id)).toMatchObject([{ status: 'canceled' }]);
  });
});

describe('either reading of undocumented behaviour', () => {
  it.each(['captured', 'asked'] as const)('the amount of a part captured: %s', async (partialCapture) => {
    double.setModes({ partialCapture });
    const held = await paid('manual');
    const state: PaymentState = await freshProvider().approve(held, { key: randomUUID(), amount: toMoney(600_25, 'RUB') }, makeContext());
    const taken = existingPayment(held, state);
    expect(await freshProvider().get(taken, makeContext())).toMatchObject({ captured: toMoney(600_25, 'RUB') });
    await freshProvider().refund(taken, { key: randomUUID(), amount: toMoney(600_25, 'RUB') }, makeContext());
    expect(double.refunds(held.id)).toHaveLength(1);
  });

  it.each(['captured', 'asked'] as const)(
    'a part captured that is read before the lost reply is made up for: %s',
    async (partialCapture) => {
      double.setModes({ partialCapture });
      const held = await paid('manual');
      const context = makeContext();
      double.fail('capturePayment', { kind: 'error-after' }, 3);
      const approved = freshProvider().approve(held, { key: randomUUID(), amount: toMoney(600_25, 'RUB') }, context);
      await expect(approved).rejects.toMatchObject({ kind: 'unknown_outcome' });
      const state = await freshProvider().get(held, { ...context, signal: AbortSignal.timeout(10_000) });
      expect(state).toMatchObject({ status: 'succeeded', captured: toMoney(600_25, 'RUB'), memory: { captured: '60025' } });
    },
  );

  it('a part that YooKassa refused to capture is not taken for captured', async () => {
    const held = await paid('manual');
    const context = makeContext();
    double.fail('capturePayment', { kind: 'refuse', code: 'rejected_by_timeout' });
    const approved = freshProvider().approve(held, { key: randomUUID(), amount: toMoney(600_25, 'RUB') }, context);
    await expect(approved).rejects.toMatchObject({ kind: 'rejected' });
    double.book.capture(held.externalId ?? '');
    expect(await freshProvider().get(held, context)).toMatchObject({ captured: toMoney(1_000_00, 'RUB') });
  });

  it.each(['kept', 'dropped'] as const)('the metadata of refunds: %s', async (refundMetadata) => {
    double.setModes({ refundMetadata });
    const taken = await paid('automatic');
    const key = randomUUID();
    await freshProvider().refund(taken, { key, amount: toMoney(1_00, 'RUB') }, makeContext());
    expect((await freshProvider().get(taken, makeContext())).refunds).toMatchObject([{ reference: key }]);
  });

  it.each(['as-first', 'as-now'] as const)('repeats are answered %s', async (replays) => {
    double.setModes({ replays, refunds: 'pending' });
    const taken = await paid('automatic');
    const key = randomUUID();
    await freshProvider().refund(taken, { key, amount: toMoney(1_00, 'RUB') }, makeContext());
    double.book.settleRefund(double.refunds(taken.id)[0]?.id ?? '', { fails: 'insufficient_funds' });
    const { refunds } = await freshProvider().refund(taken, { key, amount: toMoney(1_00, 'RUB') }, makeContext());
    expect(refunds).toMatchObject([{ reference: key, status: 'canceled' }]);
  });

  it('a register that answers late leaves a payment pending until it does', async () => {
    double.setModes({ receiptFirst: true, registration: 'pending' });
    const payment = await registered();
    double.book.pay(payment.externalId ?? '');
    expect(await freshProvider().get(payment, makeContext())).toMatchObject({ status: 'pending' });
  });
});

describe('receipts', () => {
  it('of the whole, of a partial capture and of partial refunds fit the register, with the rates of 2026', async () => {
    const held = await paid('manual');
    const amount = toMoney(777_77, 'RUB');
    const taken = existingPayment(held, await freshProvider().approve(held, { key: randomUUID(), amount }, makeContext()));
    for (const minor of [1, 333_33, 444_43])
      await freshProvider().refund(taken, { key: randomUUID(), amount: toMoney(minor, 'RUB') }, makeContext());
    expect(double.refunds(held.id)).toHaveLength(3);
    const bodies = double.calls.flatMap(({ body }) => (body as { receipt?: { items: { vat_code: number }[] } } | undefined)?.receipt ?? []);
    expect(bodies).toHaveLength(5);
    for (const { items } of bodies) for (const { vat_code } of items) expect([11, 3]).toContain(vat_code);
  });

  it('are refused in words that name the field, when the shop’s settings lack them', async () => {
    const error = await fail(freshProvider().create(invoice(), makeContext({ receipts: 'none' })));
    expect([error.kind, Object.keys(error.fields ?? {})]).toEqual(['invalid', ['items']]);
  });
});

describe('separate receipts', () => {
  const days = (count: number): Date => new Date(Date.now() + count * 86_400_000);

  async function bring(payment: ExistingPayment, context: ProviderContext<YookassaSettings>): Promise<ExistingPayment> {
    const provider = freshProvider();
    if ((await provider.get(payment, context)).followUp === undefined) return payment;
    return existingPayment(payment, await provider.followUp(payment, { key: randomUUID() }, context));
  }

  it('the second of prepaid goods is sent once at the handover, without refunded goods', async () => {
    const request = invoice('automatic');
    const [first, second] = request.items as [InvoiceItem, InvoiceItem];
    const items = [{ ...first, paymentMethod: 'full_payment' }, second];
    const made = existingPayment(request, await freshProvider().create({ ...request, items }, makeContext()));
    double.book.pay(made.externalId ?? '');
    const paidFor = { ...(await refresh(made)), request: { ...request, items } };
    await freshProvider().refund(paidFor, { key: randomUUID(), amount: toMoney(100_00, 'RUB') }, makeContext());
    const shop = { secondReceiptDays: 14 };
    expect((await freshProvider().get(paidFor, { ...makeContext(shop), now: days(13) })).followUp).toBeUndefined();
    const later = { ...makeContext(shop), now: days(15) };
    double.fail('createReceipt', { kind: 'drop-after' }, 3);
    expect((await fail(bring(paidFor, later))).kind).toBe('unknown_outcome');
    const done = await bring(paidFor, later);
    expect((await freshProvider().get(done, later)).followUp).toBeUndefined();
    const sent = double.book.receipts.filter(({ settlements = [] }) => settlements.some(({ type }) => type === 'prepayment'));
    expect(sent).toMatchObject([
      {
        ...{ type: 'payment', payment_id: paidFor.externalId, settlements: [{ amount: { value: '300.01' } }] },
        items: [{ description: expect.stringContaining('Чай'), payment_mode: 'full_payment', vat_code: 3, amount: { value: '300.01' } }],
      },
    ]);
    // A module without its memory queries YooKassa.
    await bring(paidFor, later);
    expect(double.countCalls('createReceipt')).toBe(3);
  });

  it('of a register that makes them after the payment are sent separately, also for refunds', async () => {
    double.shops[0]!.settings.receipts = 'register-afterwards';
    try {
      const context = makeContext({ receipts: 'register', receiptsAfter: true });
      const request = invoice();
      let payment = existingPayment(request, await freshProvider().create(request, context));
      double.book.pay(payment.externalId ?? '');
      payment = await bring(await refresh(payment), context);
      await freshProvider().refund(payment, { key: randomUUID(), amount: toMoney(250_50, 'RUB') }, context);
      payment = await bring(payment, context);
      await bring(payment, context);
      expect(double.book.receipts.map(({ type, settlements }) => [type, settlements])).toEqual([
        ['payment', [{ type: 'cashless', amount: { value: '1000.00', currency: 'RUB' } }]],
        ['refund', [{ type: 'cashless', amount: { value: '250.50', currency: 'RUB' } }]],
      ]);
      expect(Object.keys(payment.memory)).toHaveLength(4);
    } finally {
      double.shops[0]!.settings.receipts = 'yoomoney';
    }
  });
});

describe('notifications', () => {
  it('only name the payment: in any order and number the state is the same', async () => {
    const held = await paid('manual');
    const taken = existingPayment(
      held,
      await freshProvider().approve(held, { key: randomUUID(), amount: held.request.amount }, makeContext()),
    );
    await freshProvider().refund(taken, { key: randomUUID(), amount: toMoney(1_00, 'RUB') }, makeContext());
    const provider = freshProvider();
    const parsed = double.book.events.flatMap((event) => provider.webhook.parse(webhookRequest(JSON.stringify(event), {})));
    expect(new Set(parsed.map(({ id }) => id)).size).toBe(parsed.length);
    expect(parsed).toHaveLength(3);
    for (const { reference, externalId } of parsed) expect([reference, externalId]).toEqual([held.id, held.externalId]);
  });
});

describe('limits', () => {
  it('of the settings spread calls, and a call that cannot wait that long is rejected and not sent', async () => {
    const payment = await registered();
    const context = makeContext({}, 300);
    context.settings.callsPerSecond = 2;
    const provider = freshProvider();
    const calls = await Promise.allSettled(Array.from({ length: 6 }, () => provider.get(payment, context)));
    const failures = calls.flatMap((one) => (one.status === 'rejected' ? [(one.reason as ProviderError).kind] : []));
    expect(failures).toEqual(['rate_limited', 'rate_limited', 'rate_limited', 'rate_limited']);
  });

  it('of YooKassa are reported as limits', async () => {
    const payment = await registered();
    double.setModes({ callsPerSecond: 0 });
    const error = await fail(freshProvider().get(payment, makeContext()));
    expect([error.kind, error.retryAfterMs]).toEqual(['rate_limited', 1_000]);
  });
});
