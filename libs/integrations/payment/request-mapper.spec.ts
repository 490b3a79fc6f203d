import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BadInputError, getParser } from '#platform';
import { readExactAmount, toMoney } from '#provider-kit';
import { CreatePaymentDto } from './dto/callback.dto.js';
import { type InvoiceRequest, toInvoiceRequest } from './request-mapper.js';

const parser = getParser(CreatePaymentDto);

function read(changes: object = {}): InvoiceRequest {
  const body = { shopId: 'main', invoiceUuid: 'u-1', invoiceType: 'link', amount: 10, currency: 'EUR', ...changes };
  return toInvoiceRequest(parser.parse(body), { currencies: ['EUR', 'JPY', 'KWD', 'RUB'], invoiceTypes: ['link', 'qr'] });
}

function readErrors(changes: object): Record<string, string> {
  try {
    read(changes);
  } catch (error) {
    if (error instanceof BadInputError) return { ...error.errors };
    throw error;
  }
  throw new Error('was not refused');
}

describe('invoiceRequestOf', () => {
  it('carries along all that a receipt needs', () => {
    const request = read({
      amount: 12.34,
      currency: 'eur',
      orderId: 5074,
      orderNumber: '5074A',
      siteUrl: 'https://shop.example',
      returnUrl: 'https://shop.example/thanks',
      customer: {
        id: 7,
        lastName: 'Pérez',
        firstName: 'Ana',
        email: 'ana@example.com',
        phones: [{}, { number: '+34 600' }],
        tags: [{ name: 'vip' }],
      },
      items: [
        {
          name: 'Milk',
          price: 12.34,
          quantity: 1,
          measurementUnit: 'pc',
          vat: 'vat10',
          paymentMethod: 'full_prepayment',
          paymentObject: 'commodity',
          productCode: '44 4D',
          markingCode: '0104...',
        },
      ],
    });
    expect(request).toEqual({
      invoiceUuid: 'u-1',
      shop: 'main',
      invoiceType: 'link',
      amount: toMoney(1234, 'EUR'),
      orderId: '5074',
      orderNumber: '5074A',
      siteUrl: 'https://shop.example',
      returnUrl: 'https://shop.example/thanks',
      buyer: { id: '7', name: 'Pérez Ana', email: 'ana@example.com', phone: '+34 600' },
      customer: { id: 7, lastName: 'Pérez', firstName: 'Ana', email: 'ana@example.com', phones: ['+34 600'] },
      items: [
        {
          name: 'Milk',
          price: toMoney(1234, 'EUR'),
          quantity: 1,
          total: toMoney(1234, 'EUR'),
          sent: toMoney(1234, 'EUR'),
          measurementUnit: 'pc',
          vat: 'vat10',
          paymentMethod: 'full_prepayment',
          paymentObject: 'commodity',
          productCode: '44 4D',
          markingCode: '0104...',
        },
      ],
    });
  });

  const totals = (invoice: object): number[] => read(invoice).items.map(({ total }) => total.minor);

  it('takes a phone as a text too', () => {
    expect(read({ customer: { phones: ['', '+34 600'] } }).buyer).toEqual({ phone: '+34 600' });
    expect(read({ customer: { phones: [{ number: '+34 601' }, '+34 600'] } }).buyer).toEqual({ phone: '+34 601' });
  });

  it('gives a marking code to one piece of its line only', () => {
    const marked = { name: 'Coat', price: 10, quantity: 3, markingCode: '0104', paymentObject: 'commodity' };
    const split = (changes: object) =>
      read({ amount: 20, items: [{ ...marked, ...changes }] }).items.map(({ quantity, total, markingCode, lacksCode }) => [
        quantity,
        total.minor,
        markingCode,
        lacksCode,
      ]);
    expect(split({})).toEqual([
      [1, 666, '0104', undefined],
      [2, 1334, undefined, true],
    ]);
    expect(split({ quantity: 1 })).toEqual([[1, 2000, '0104', undefined]]);
    expect(split({ markingCode: undefined })).toEqual([[3, 2000, undefined, undefined]]);
  });

  it('scales lines that come to another amount, the rest in the largest', () => {
    const lines = [
      { name: 'a', price: 100, quantity: 2 },
      { name: 'b', price: 50 },
    ];
    expect(totals({ amount: 250, items: lines })).toEqual([20_000, 5_000]);
    expect(totals({ amount: 100.01, items: lines })).toEqual([8_001, 2_000]);
    expect(totals({ amount: 300, items: lines })).toEqual([24_000, 6_000]);
    expect(totals({ amount: 0.5, items: Array.from({ length: 3 }, () => ({ name: 'a', price: 0.5, quantity: 0.333 })) })).toEqual([
      18, 16, 16,
    ]);
    expect(totals({ amount: 1, items: [{ name: 'a', price: 1.001, quantity: 1 }] })).toEqual([100]);
  });

  it('leaves out lines of nothing and of less', () => {
    const lines = [
      { name: 'a', price: 100 },
      { name: 'gift', price: 0 },
      { name: 'discount', price: -20 },
      { name: 'none', price: 5, quantity: 0 },
    ];
    expect(read({ amount: 80, items: lines }).items).toMatchObject([{ name: 'a', total: { minor: 8_000 } }]);
    expect(
      totals({
        amount: 0.01,
        items: [
          { name: 'a', price: 1 },
          { name: 'b', price: 1 },
        ],
      }),
    ).toEqual([1]);
    expect(totals({ amount: 5, items: [{ name: 'gift', price: 0 }] })).toEqual([]);
  });

  it('has lines that make the amount, whatever they came to', () => {
    const line = fc.record({
      price: fc.integer({ min: -500, max: 500_000 }).map((cents) => cents / 100),
      quantity: fc.constantFrom(0, 0.333, 1, 2, 7),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999 }), fc.array(line, { maxLength: 8 }), (minor, lines) => {
        const made = totals({ amount: minor / 100, items: lines.map((one) => ({ ...one, name: 'x' })) });
        expect(made.every((total) => Number.isSafeInteger(total) && total > 0)).toBe(true);
        if (made.length > 0) expect(made.reduce((sum, total) => sum + total, 0)).toBe(minor);
        else expect(lines.every(({ price, quantity }) => Math.round(price * quantity * 100) <= 0)).toBe(true);
      }),
    );
  });

  it('reports wrong amounts', () => {
    expect(readErrors({ amount: 1.234 })).toEqual({ amount: 'must have at most 2 digits after the point: EUR has no smaller unit' });
    expect(readErrors({ amount: 1.5, currency: 'JPY' })).toEqual({
      amount: 'must have no digits after the point: JPY has no smaller unit',
    });
    expect(readErrors({ amount: 1e16 })).toEqual({ amount: 'is too large' });
    expect(readErrors({ currency: 'USD' })).toEqual({ currency: 'must be one of: EUR, JPY, KWD, RUB' });
    expect(readErrors({ currency: 'USD', invoiceType: 'card' })).toEqual({
      currency: 'must be one of: EUR, JPY, KWD, RUB',
      invoiceType: 'must be one of: link, qr',
    });
    expect(readErrors({ items: [{ name: 'a', price: 1, quantity: 1e15 }] })).toEqual({ 'items[0]': 'is too large' });
  });

  it('takes every amount of minor units, and none between two of them', () => {
    fc.assert(
      fc.property(fc.constantFrom('EUR', 'JPY', 'KWD'), fc.integer({ min: 1, max: 999_999_999 }), (currency, minor) => {
        const digits = { EUR: 2, JPY: 0, KWD: 3 }[currency] ?? 0;
        const wire = minor / 10 ** digits;
        expect(readExactAmount(wire, currency, 'amount')).toEqual(toMoney(minor, currency));
        expect(() => readExactAmount(wire + 0.3 / 10 ** digits, currency, 'amount')).toThrow(BadInputError);
      }),
    );
  });
});
