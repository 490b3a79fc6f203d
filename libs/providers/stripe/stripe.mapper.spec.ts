import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type Stripe from 'stripe';
import type { CaptureMode, InvoiceItem } from '#payment/port';
import { toMoney, multiplyMoney } from '#provider-kit';
import { invoiceItem, invoiceRequest } from '../../testing/doubles/stripe/index.js';
import { hasEnded, lineItemsOf, presentOf, refundStateOf, sessionParamsOf, stateOf } from './stripe.mapper.js';
import { stripeAmountOf, toStripeAmount } from './stripe.money.js';

type Line = ReturnType<typeof lineItemsOf>[number];

function lineOf(line: Line): [name: string | undefined, unit: number | undefined, quantity: number | undefined] {
  return [line.price_data?.product_data?.name, line.price_data?.unit_amount, line.quantity];
}

function totalOf(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + (line.price_data?.unit_amount ?? NaN) * (line.quantity ?? NaN), 0);
}

/** A session or payment of the API, as far as it is looked at. */
function session(changes: Partial<Stripe.Checkout.Session>): Stripe.Checkout.Session {
  return { id: 'cs_1', status: 'open', payment_intent: null, ...changes } as Stripe.Checkout.Session;
}
function intent(changes: Partial<Stripe.PaymentIntent>): Stripe.PaymentIntent {
  return {
    id: 'pi_1',
    status: 'requires_payment_method',
    amount: 1000,
    amount_capturable: 0,
    amount_received: 0,
    currency: 'mxn',
    capture_method: 'automatic',
    cancellation_reason: null,
    last_payment_error: null,
    latest_charge: null,
    ...changes,
  } as Stripe.PaymentIntent;
}
const pending = { status: 'pending', currency: 'MXN' } as const;

describe('the session of an invoice', () => {
  it.each<CaptureMode>(['automatic', 'manual'])('says all that Stripe needs, with %s capture', (capture) => {
    const request = invoiceRequest({ reference: '0190e0a0-0000-7000-8000-000000000001', invoiceUuid: 'inv-1', capture });
    const metadata = { paymentId: request.reference, invoiceUuid: 'inv-1', orderNumber: '1001A' };
    expect(sessionParamsOf(request, 'es')).toEqual({
      mode: 'payment',
      client_reference_id: request.reference,
      line_items: [
        { quantity: 2, price_data: { currency: 'mxn', unit_amount: 99_950, product_data: { name: 'Camiseta' } } },
        { quantity: 1, price_data: { currency: 'mxn', unit_amount: 50_000, product_data: { name: 'Entrega' } } },
      ],
      metadata,
      payment_intent_data: { capture_method: capture, description: 'Pedido 1001A', metadata },
      adaptive_pricing: { enabled: false },
      success_url: request.doneUrl,
      cancel_url: request.payUrl,
      customer_email: 'lucia@example.com',
    });
  });

  it('leaves the buyer’s own address for later: our page decides whether it is safe', () => {
    const params = sessionParamsOf(invoiceRequest({ returnUrl: 'https://evil.example/' }), 'en');
    expect(JSON.stringify(params)).not.toContain('evil.example');
  });

  it.each(['nobody', 'a@b', 'почта@пример.рф', 'a b@example.com', '', `${'a'.repeat(65)}@example.com`])(
    'leaves out an e-mail address that Stripe might refuse: %j',
    (email) => {
      expect(sessionParamsOf(invoiceRequest({ buyer: { email } }), 'en')).not.toHaveProperty('customer_email');
    },
  );

  it('does without an order number, items and a buyer', () => {
    const { orderNumber: _orderNumber, ...request } = invoiceRequest({ items: [], buyer: {} });
    const params = sessionParamsOf(request, 'ru');
    expect(params.line_items?.map(lineOf)).toEqual([['Оплата', 249_900, 1]]);
    expect(params.payment_intent_data?.description).toBe('Оплата');
    expect(params).not.toHaveProperty('customer_email');
  });
});

describe('the lines of a session', () => {
  const linesOf = (items: InvoiceItem[], minor: number, currency = 'MXN'): ReturnType<typeof lineOf>[] =>
    lineItemsOf(invoiceRequest({ items, amount: toMoney(minor, currency) }), 'en').map(lineOf);

  it('one that is weighed is a line of its total', () => {
    const cheese = { ...invoiceItem('Queso', 28_990, 0.345), measurementUnit: 'kg' };
    expect(cheese.total.minor).toBe(10_002);
    expect(linesOf([cheese, invoiceItem('Pan', 4_500, 2)], 19_002)).toEqual([
      ['Queso × 0.345 kg', 10_002, 1],
      ['Pan', 4_500, 2],
    ]);
  });

  it('one whose total is not price times quantity is a line of its total', () => {
    const item = { ...invoiceItem('Set', 333, 3), total: toMoney(1000, 'MXN') };
    expect(linesOf([item], 1000)).toEqual([['Set × 3', 1000, 1]]);
  });

  it('items that do not come to the amount, or come to it only with a discount, are one line of the amount', () => {
    expect(linesOf([invoiceItem('Set', 300, 3)], 1000)).toEqual([['Order 1001A', 1000, 1]]);
    expect(linesOf([invoiceItem('Set', 1200, 1), invoiceItem('Discount', -200, 1)], 1000)).toEqual([['Order 1001A', 1000, 1]]);
  });

  it('more lines than Stripe takes are one', () => {
    const items = Array.from({ length: 101 }, (_, index) => invoiceItem(`Thing ${index}`, 100, 1));
    expect(linesOf(items, 10_100)).toEqual([['Order 1001A', 10_100, 1]]);
    expect(linesOf(items.slice(1), 10_000)).toHaveLength(100);
  });

  it('thousandths Stripe does not take: a line of the total where that can be, else one of the amount', () => {
    expect(linesOf([invoiceItem('Dates', 1_235, 2, 'KWD')], 2_470, 'KWD')).toEqual([['Dates × 2', 2_470, 1]]);
    expect(linesOf([invoiceItem('Dates', 1_235, 1, 'KWD'), invoiceItem('Figs', 1_235, 1, 'KWD')], 2_470, 'KWD')).toEqual([
      ['Order 1001A', 2_470, 1],
    ]);
  });

  it.each([
    ['JPY', 1_980, 1_980],
    ['CLP', 19_990, 19_990],
    ['KWD', 1_250, 1_250],
    ['MXN', 123_450, 123_450],
    ['COP', 4_500_000, 4_500_000],
  ])('an amount of %s is counted in its own unit', (currency, minor, stripe) => {
    expect(linesOf([invoiceItem('A', minor, 2, currency)], minor * 2, currency)).toEqual([['A', stripe, 2]]);
  });

  it('names are cut where Stripe cuts them, by characters', () => {
    const [[name] = []] = linesOf([invoiceItem('🧦'.repeat(300), 100, 1)], 100);
    expect([...(name ?? '')]).toHaveLength(250);
    expect(linesOf([invoiceItem('  ', 100, 1)], 100)).toEqual([['Item 1', 100, 1]]);
  });

  it('always come to the amount, in lines Stripe takes', () => {
    const item = fc.record({
      name: fc.string(),
      price: fc.integer({ min: 0, max: 5_000_000 }),
      quantity: fc.oneof(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 9_999 }).map((one) => one / 1000),
      ),
    });
    const currencies = fc.constantFrom('MXN', 'JPY', 'CLP', 'KWD', 'COP', 'EUR', 'HUF');
    fc.assert(
      fc.property(fc.array(item, { maxLength: 120 }), currencies, (drafts, currency) => {
        const items = drafts.map(({ name, price, quantity }) => ({
          name,
          price: toMoney(price, currency),
          quantity,
          total: multiplyMoney(toMoney(price, currency), quantity),
        }));
        const amount = toMoney(items.reduce((sum, one) => sum + one.total.minor, 0) || 1_000, currency);
        fc.pre(stripeAmountOf(amount) !== undefined);
        const lines = lineItemsOf(invoiceRequest({ items, amount }), 'en');
        expect(totalOf(lines)).toBe(toStripeAmount(amount));
        expect(lines.length).toBeLessThanOrEqual(100);
        for (const [name, unit, quantity] of lines.map(lineOf)) {
          expect(name?.trim()).toBeTruthy();
          expect([...(name ?? '')].length).toBeLessThanOrEqual(250);
          expect(Number.isSafeInteger(unit) && Number.isSafeInteger(quantity) && Number(quantity) >= 1).toBe(true);
        }
      }),
    );
  });
});

describe('the state of a payment', () => {
  it.each([
    ['requires_payment_method', 'pending'],
    ['requires_source', 'pending'],
    ['requires_confirmation', 'pending'],
    ['requires_action', 'pending'],
    ['requires_source_action', 'pending'],
    ['processing', 'pending'],
    ['requires_capture', 'waitingForCapture'],
    ['succeeded', 'succeeded'],
    ['canceled', 'canceled'],
    ['teleported', 'pending'],
    ['toString', 'pending'],
  ])('Stripe’s %s is our %s', (theirs, ours) => {
    const one = intent({ status: theirs as Stripe.PaymentIntent.Status });
    expect(stateOf({ intent: one }, pending, 'en')).toMatchObject({ status: ours, externalId: 'pi_1' });
  });

  it.each(['open', 'expired', 'complete'] as const)('a session that is %s and has no payment is pending', (status) => {
    expect(stateOf({ session: session({ status }) }, pending, 'en')).toEqual({
      status: 'pending',
      externalId: 'cs_1',
      memory: { session: 'cs_1' },
    });
  });

  it('a payment canceled because its session ended leaves the invoice pending, unless that was cancelled itself', () => {
    const ended = presentOf(session({ status: 'expired', payment_intent: intent({ status: 'canceled', cancellation_reason: 'expired' }) }));
    expect(stateOf(ended, pending, 'en').status).toBe('pending');
    expect(hasEnded(ended)).toBe(true);
    expect(stateOf(ended, { ...pending, status: 'canceled' }, 'en').status).toBe('canceled');
  });

  it('a session has not ended while money may be on its way', () => {
    const of = (status: Stripe.Checkout.Session['status'], theirs?: Stripe.PaymentIntent.Status): boolean =>
      hasEnded(presentOf(session({ status, payment_intent: theirs ? intent({ status: theirs }) : null })));
    expect(of('open')).toBe(false);
    expect(of('open', 'requires_payment_method')).toBe(false);
    expect(of('expired')).toBe(true);
    expect(of('expired', 'requires_payment_method')).toBe(true);
    expect(of('expired', 'processing')).toBe(false);
    expect(of('complete')).toBe(false);
    expect(of('complete', 'processing')).toBe(false);
    expect(of('complete', 'requires_action')).toBe(false);
    expect(of('complete', 'requires_payment_method')).toBe(true);
  });

  it('a hold has its amount, and its end from the charge', () => {
    const charge = { created: 1_700_000_000, payment_method_details: { type: 'card', card: { capture_before: 1_700_400_000 } } };
    const held = intent({ status: 'requires_capture', amount_capturable: 900, latest_charge: charge as unknown as Stripe.Charge });
    expect(stateOf({ intent: held }, pending, 'en')).toEqual({
      status: 'waitingForCapture',
      externalId: 'pi_1',
      held: toMoney(900, 'MXN'),
      expiresAt: new Date(1_700_400_000_000),
    });
    expect(stateOf({ intent: { ...held, latest_charge: 'ch_1' } }, pending, 'en')).not.toHaveProperty('expiresAt');
  });

  it('what was taken at once was paid when it was charged; when a hold was taken is not known', () => {
    const charge = { created: 1_700_000_000 } as Stripe.Charge;
    const paid = intent({ status: 'succeeded', amount_received: 700, latest_charge: charge });
    expect(stateOf({ intent: paid }, pending, 'en')).toMatchObject({ captured: toMoney(700, 'MXN'), paidAt: new Date(1_700_000_000_000) });
    expect(stateOf({ intent: { ...paid, capture_method: 'manual' } }, pending, 'en')).not.toHaveProperty('paidAt');
  });

  it('another currency than the invoice’s is not taken for it', () => {
    const paid = intent({ status: 'succeeded', amount_received: 700, currency: 'usd' });
    expect(() => stateOf({ intent: paid }, pending, 'en')).toThrow(expect.objectContaining({ kind: 'unavailable' }));
  });

  it.each([
    [{ cancellation_reason: 'automatic' }, 'La retención caducó antes de confirmarse'],
    [{ cancellation_reason: 'fraudulent' }, 'Anulado por fraude'],
    [{ cancellation_reason: 'abandoned' }, 'El comprador no terminó el pago'],
    [{ cancellation_reason: null }, 'Anulado por la tienda'],
    [{ cancellation_reason: 'void_invoice' }, 'Anulado en Stripe'],
    [
      { cancellation_reason: null, last_payment_error: { code: 'card_declined', decline_code: 'insufficient_funds' } },
      'El pago fue rechazado: no hay fondos suficientes en la tarjeta',
    ],
  ])('why it was canceled: %j', (changes, text) => {
    const gone = intent({ status: 'canceled', ...(changes as Partial<Stripe.PaymentIntent>) });
    expect(stateOf({ intent: gone }, pending, 'es')).toMatchObject({ status: 'canceled', cancellation: text });
  });
});

describe('a refund', () => {
  const refund = {
    id: 're_1',
    amount: 500,
    currency: 'mxn',
    status: 'succeeded',
    metadata: { refundId: 'ref-1' },
  } as unknown as Stripe.Refund;

  it.each([
    ['pending', 'pending'],
    ['requires_action', 'pending'],
    ['succeeded', 'succeeded'],
    ['failed', 'canceled'],
    ['canceled', 'canceled'],
    ['lost', 'pending'],
    [null, 'pending'],
  ])('Stripe’s %s is our %s', (status, ours) => {
    expect(refundStateOf({ ...refund, status }, 'MXN', 'en').status).toBe(ours);
  });

  it('bears our id, and one made elsewhere none', () => {
    expect(refundStateOf(refund, 'MXN', 'en')).toEqual({
      externalId: 're_1',
      reference: 'ref-1',
      amount: toMoney(500, 'MXN'),
      status: 'succeeded',
    });
    expect(refundStateOf({ ...refund, metadata: {} }, 'MXN', 'en')).not.toHaveProperty('reference');
    expect(refundStateOf({ ...refund, metadata: null }, 'MXN', 'en')).not.toHaveProperty('reference');
  });

  it('says why it failed', () => {
    const failed = { ...refund, status: 'failed' };
    expect(refundStateOf({ ...failed, failure_reason: 'expired_or_canceled_card' }, 'MXN', 'ru').comment).toBe(
      'Карта просрочена или закрыта',
    );
    expect(refundStateOf({ ...failed, failure_reason: 'constructor' }, 'MXN', 'en').comment).toBe('The refund did not come about');
  });
});
