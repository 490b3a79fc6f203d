import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CaptureMode, InvoiceItem } from '#payment/port';
import { toMoney, multiplyMoney } from '#provider-kit';
import { invoiceItem, invoiceRequest } from '../../../lab/doubles/stripe/index.js';
import { toLineItems, toSessionParams } from './checkout.js';
import { countInStripeUnits, toStripeAmount } from './stripe.money.js';

type Line = ReturnType<typeof toLineItems>[number];

function readLine(line: Line): [name: string | undefined, unit: number | undefined, quantity: number | undefined] {
  return [line.price_data?.product_data?.name, line.price_data?.unit_amount, line.quantity];
}

function sumLines(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + (line.price_data?.unit_amount ?? NaN) * (line.quantity ?? NaN), 0);
}

describe('the session of an invoice', () => {
  it.each<CaptureMode>(['automatic', 'manual'])('sends all fields that Stripe needs, with %s capture', (capture) => {
    const request = invoiceRequest({ reference: '0190e0a0-0000-7000-8000-000000000001', invoiceUuid: 'inv-1', capture });
    const metadata = { paymentId: request.reference, invoiceUuid: 'inv-1', orderNumber: '1001A' };
    expect(toSessionParams(request, 'es')).toEqual({
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
    const params = toSessionParams(invoiceRequest({ returnUrl: 'https://evil.example/' }), 'en');
    expect(JSON.stringify(params)).not.toContain('evil.example');
  });

  it.each(['nobody', 'a@b', 'почта@пример.рф', 'a b@example.com', '', `${'a'.repeat(65)}@example.com`])(
    'leaves out an e-mail address that Stripe might refuse: %j',
    (email) => {
      expect(toSessionParams(invoiceRequest({ buyer: { email } }), 'en')).not.toHaveProperty('customer_email');
    },
  );

  it('does without an order number, items and a buyer', () => {
    const { orderNumber: _orderNumber, ...request } = invoiceRequest({ items: [], buyer: {} });
    const params = toSessionParams(request, 'ru');
    expect(params.line_items?.map(readLine)).toEqual([['Оплата', 249_900, 1]]);
    expect(params.payment_intent_data?.description).toBe('Оплата');
    expect(params).not.toHaveProperty('customer_email');
  });
});

describe('the lines of a session', () => {
  const readLines = (items: InvoiceItem[], minor: number, currency = 'MXN'): ReturnType<typeof readLine>[] =>
    toLineItems(invoiceRequest({ items, amount: toMoney(minor, currency) }), 'en').map(readLine);

  it('a weighed item is a line of its total', () => {
    const cheese = { ...invoiceItem('Queso', 28_990, 0.345), measurementUnit: 'kg' };
    expect(cheese.total.minor).toBe(10_002);
    expect(readLines([cheese, invoiceItem('Pan', 4_500, 2)], 19_002)).toEqual([
      ['Queso × 0.345 kg', 10_002, 1],
      ['Pan', 4_500, 2],
    ]);
  });

  it('an item whose total is not price times quantity is a line of its total', () => {
    const item = { ...invoiceItem('Set', 333, 3), total: toMoney(1000, 'MXN') };
    expect(readLines([item], 1000)).toEqual([['Set × 3', 1000, 1]]);
  });

  it('items that do not come to the amount, or come to it only with a discount, are one line of the amount', () => {
    expect(readLines([invoiceItem('Set', 300, 3)], 1000)).toEqual([['Order 1001A', 1000, 1]]);
    expect(readLines([invoiceItem('Set', 1200, 1), invoiceItem('Discount', -200, 1)], 1000)).toEqual([['Order 1001A', 1000, 1]]);
  });

  it('more lines than Stripe takes are one', () => {
    const items = Array.from({ length: 101 }, (_, index) => invoiceItem(`Thing ${index}`, 100, 1));
    expect(readLines(items, 10_100)).toEqual([['Order 1001A', 10_100, 1]]);
    expect(readLines(items.slice(1), 10_000)).toHaveLength(100);
  });

  it('thousandths Stripe does not take: a line of the total where that can be, else one of the amount', () => {
    expect(readLines([invoiceItem('Dates', 1_235, 2, 'KWD')], 2_470, 'KWD')).toEqual([['Dates × 2', 2_470, 1]]);
    expect(readLines([invoiceItem('Dates', 1_235, 1, 'KWD'), invoiceItem('Figs', 1_235, 1, 'KWD')], 2_470, 'KWD')).toEqual([
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
    expect(readLines([invoiceItem('A', minor, 2, currency)], minor * 2, currency)).toEqual([['A', stripe, 2]]);
  });

  it('names are cut where Stripe cuts them, by characters', () => {
    const [[name] = []] = readLines([invoiceItem('🧦'.repeat(300), 100, 1)], 100);
    expect([...(name ?? '')]).toHaveLength(250);
    expect(readLines([invoiceItem('  ', 100, 1)], 100)).toEqual([['Item 1', 100, 1]]);
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
        fc.pre(countInStripeUnits(amount) !== undefined);
        const lines = toLineItems(invoiceRequest({ items, amount }), 'en');
        expect(sumLines(lines)).toBe(toStripeAmount(amount));
        expect(lines.length).toBeLessThanOrEqual(100);
        for (const [name, unit, quantity] of lines.map(readLine)) {
          expect(name?.trim()).toBeTruthy();
          expect([...(name ?? '')].length).toBeLessThanOrEqual(250);
          expect(Number.isSafeInteger(unit) && Number.isSafeInteger(quantity) && Number(quantity) >= 1).toBe(true);
        }
      }),
    );
  });
});
