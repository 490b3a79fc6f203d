import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BadInputError, money, parserOf } from '#platform';
import { CreatePaymentDto } from './dto/callback.dto.js';
import { exactAmount, type InvoiceRequest, invoiceRequestOf } from './request-mapper.js';

const parser = parserOf(CreatePaymentDto);

function read(changes: object = {}): InvoiceRequest {
  const body = { shopId: 'main', invoiceUuid: 'u-1', invoiceType: 'link', amount: 10, currency: 'EUR', ...changes };
  return invoiceRequestOf(parser.parse(body), ['EUR', 'JPY', 'KWD', 'RUB']);
}

function errorsOf(changes: object): Record<string, string> {
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
      amount: money(1234, 'EUR'),
      orderId: '5074',
      orderNumber: '5074A',
      siteUrl: 'https://shop.example',
      returnUrl: 'https://shop.example/thanks',
      buyer: { id: '7', name: 'Pérez Ana', email: 'ana@example.com', phone: '+34 600' },
      items: [
        {
          name: 'Milk',
          price: money(1234, 'EUR'),
          quantity: 1,
          total: money(1234, 'EUR'),
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

  it('adds up weighed goods, line by line or all at once, and the lines make the amount', () => {
    const lines = [
      { name: 'a', price: 0.5, quantity: 0.333 },
      { name: 'b', price: 0.5, quantity: 0.333 },
      { name: 'c', price: 0.5, quantity: 0.333 },
    ];
    // 0.1665 each: 0.17 a line, 0.51 together by lines, 0.50 by the exact sum.
    expect(read({ amount: 0.51, items: lines }).items.map((item) => item.total.minor)).toEqual([17, 17, 17]);
    expect(read({ amount: 0.5, items: lines }).items.reduce((sum, item) => sum + item.total.minor, 0)).toBe(50);
    expect(errorsOf({ amount: 0.49, items: lines })).toEqual({
      amount: "differs from the items' total, which is 0.51 EUR",
      items: 'come to 0.51 EUR, which is not the amount',
    });
  });

  it('says what is wrong with amounts', () => {
    expect(errorsOf({ amount: 1.234 })).toEqual({ amount: 'must have at most 2 digits after the point: EUR has no smaller unit' });
    expect(errorsOf({ amount: 1.5, currency: 'JPY' })).toEqual({ amount: 'must have no digits after the point: JPY has no smaller unit' });
    expect(errorsOf({ amount: 1e16 })).toEqual({ amount: 'is too large' });
    expect(errorsOf({ currency: 'USD' })).toEqual({ currency: 'must be one of: EUR, JPY, KWD, RUB' });
    expect(errorsOf({ items: [{ name: 'a', price: 1, quantity: 1e15 }] })).toEqual({ 'items[0].quantity': 'is too large' });
  });

  it('takes every amount of minor units, and none between two of them', () => {
    fc.assert(
      fc.property(fc.constantFrom('EUR', 'JPY', 'KWD'), fc.integer({ min: 1, max: 999_999_999 }), (currency, minor) => {
        const digits = { EUR: 2, JPY: 0, KWD: 3 }[currency] ?? 0;
        const wire = minor / 10 ** digits;
        expect(exactAmount(wire, currency, 'amount')).toEqual(money(minor, currency));
        expect(() => exactAmount(wire + 0.3 / 10 ** digits, currency, 'amount')).toThrow(BadInputError);
      }),
    );
  });
});
