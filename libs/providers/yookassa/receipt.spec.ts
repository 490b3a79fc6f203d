import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseCaptured, type CreateRequest, type InvoiceItem, openShop } from '#payment/port';
import { getParser } from '#platform';
import { multiplyMoney, type ProviderError, toMoney } from '#provider-kit';
import { accountSettings, providerContext } from '../../testing/builders.js';
import { buildReceipt, listVatNotes, type WireReceipt } from './receipt.js';
import { chooseVatYear, readVatYear, toVatCode, type VatYear } from './vat.js';
import type { ShopContext } from './yookassa.api.js';
import { YookassaSettings, type YookassaShop } from './yookassa.settings.js';

function item(name: string, price: number, quantity: number, changes: Partial<InvoiceItem> = {}): InvoiceItem {
  return { name, price: toMoney(price, 'RUB'), quantity, total: multiplyMoney(toMoney(price, 'RUB'), quantity), ...changes };
}

function invoice(items: InvoiceItem[], changes: Partial<CreateRequest> = {}): CreateRequest {
  const amount = toMoney(
    items.reduce((sum, { total }) => sum + total.minor, 0),
    'RUB',
  );
  return {
    ...{ reference: '0197f7a0-0000-7000-8000-000000000001', invoiceUuid: 'inv', shop: 'main', capture: 'automatic', amount },
    ...{ orderNumber: '1001', payUrl: 'https://m.example/pay/1', doneUrl: 'https://m.example/pay/1?done=1', items },
    buyer: { email: 'olga@example.com', phone: '8 (916) 123-45-67' },
    ...changes,
  };
}

function openAccount(shop: Partial<YookassaShop>): ShopContext {
  const base = { code: 'main', name: 'Main', shopId: '1', secretKey: 'test_key', receipts: 'register' };
  const settings = getParser(YookassaSettings).parse({ shops: [{ ...base, ...shop }] });
  const context = providerContext(settings, { account: accountSettings({ language: 'en' }) });
  return openShop('main', context);
}

function receiptOf(request: CreateRequest, shop: Partial<YookassaShop> = {}, partMinor?: number): WireReceipt | undefined {
  const account = openAccount(shop);
  if (partMinor === undefined) return buildReceipt(account, request, '2026');
  const amount = toMoney(partMinor, 'RUB');
  return buildReceipt(account, request, '2026', { amount, goods: chooseCaptured({ request }, amount) });
}

function sum(receipt: WireReceipt | undefined): number {
  return (receipt?.items ?? []).reduce((total, { amount, quantity }) => total + Math.round(Number(amount.value) * 100 * quantity), 0);
}

describe('rates of VAT', () => {
  it.each([
    ['none', 1],
    ['vat0', 2],
    ['vat10', 3],
    ['vat20', 11],
    ['vat110', 5],
    ['vat120', 12],
    ['vat5', 7],
    ['vat7', 8],
    ['vat105', 9],
    ['vat107', 10],
    ['vat22', 11],
    ['vat122', 12],
    [' VAT10 ', 3],
  ])('%s is code %d in 2026', (name, code) => expect(toVatCode(name, 'none', '2026')).toBe(code));

  it('are the rates of their year', () => {
    expect([toVatCode('vat20', 'none', '2025'), toVatCode('vat120', 'none', '2025')]).toEqual([4, 6]);
    expect(chooseVatYear(new Date('2025-12-31T20:59:59Z'), true)).toBe('2025');
    expect(chooseVatYear(new Date('2025-12-31T21:00:00Z'), true)).toBe('2026');
    expect(chooseVatYear(new Date('2026-06-01T00:00:00Z'), false)).toBe('2025');
  });

  it('are the shop’s own if the CRM sends none or an unknown one', () => {
    for (const name of [undefined, 'vat99', 'constructor', '']) expect(toVatCode(name, 'vat10', '2026')).toBe(3);
  });

  it('raised to the rates of 2026 are noted for the story, each once, and only in a receipt that is sent', () => {
    const noted = (vats: string[], year: VatYear, shop: Partial<YookassaShop> = {}): readonly string[] => {
      const request = invoice(vats.map((vat, index) => item(`Item ${index}`, 100, 1, { vat })));
      return listVatNotes(openAccount(shop), request, year).notes ?? [];
    };
    const notes = ['VAT of 20 % was sent as 22 %, the rate since 2026.', 'VAT of 20/120 was sent as 22/122, the rate since 2026.'];
    expect(noted(['vat20', 'vat120', 'vat20', 'vat10'], '2026')).toEqual(notes);
    expect(noted(['vat10', 'vat22', 'vat122', 'none'], '2026')).toEqual([]);
    expect(noted(['unknown'], '2026', { vat: 'vat20' })).toEqual(notes.slice(0, 1));
    expect(noted(['vat20'], '2025')).toEqual([]);
    expect(noted(['vat20'], '2026', { receipts: 'none' })).toEqual([]);
    expect(noted(['vat20'], '2026', { receipts: 'selfEmployed' })).toEqual([]);
  });

  it('stay with a payment: a refund has the rate of its payment', () => {
    const request = invoice([item('A', 100, 1)]);
    const payment = { id: '1', status: 'succeeded' as const, refunds: [], createdAt: new Date('2026-02-01'), request };
    expect(readVatYear({ ...payment, memory: { vatYear: '2025' } }, { raisesVat: true })).toBe('2025');
    expect(readVatYear({ ...payment, memory: {}, createdAt: new Date('2025-11-01') }, { raisesVat: true })).toBe('2025');
    expect(readVatYear({ ...payment, memory: {} }, { raisesVat: true })).toBe('2026');
  });
});

describe('a receipt', () => {
  it('has each line with price, quantity, rate, kind and unit, and whom it goes to', () => {
    const items = [
      item('Чайник', 75_00, 2, { vat: 'vat20', paymentMethod: 'full_payment', paymentObject: 'commodity', measurementUnit: 'pc' }),
      item('Чай', 1000_00, 0.125, { vat: 'vat10', paymentMethod: 'prepayment', measurementUnit: 'кг' }),
      item('Доставка', 300_00, 1, { paymentObject: 'service', measurementUnit: 'рейс' }),
    ];
    expect(receiptOf(invoice(items), { vat: 'vat0', taxSystem: 2 })).toEqual({
      customer: { email: 'olga@example.com', phone: '79161234567' },
      items: [
        {
          ...{ description: 'Чайник', amount: { value: '75.00', currency: 'RUB' }, quantity: 2, vat_code: 11 },
          ...{ payment_mode: 'full_payment', payment_subject: 'commodity', measure: 'piece' },
        },
        {
          ...{ description: 'Чай', amount: { value: '1000.00', currency: 'RUB' }, quantity: 0.125, vat_code: 3 },
          ...{ payment_mode: 'partial_prepayment', payment_subject: 'commodity', measure: 'kilogram' },
        },
        {
          ...{ description: 'Доставка', amount: { value: '300.00', currency: 'RUB' }, quantity: 1, vat_code: 2 },
          ...{ payment_mode: 'full_prepayment', payment_subject: 'service', measure: 'another' },
        },
      ],
      tax_system_code: 2,
    });
  });

  it('is left out for a shop without receipts', () =>
    expect(receiptOf(invoice([item('A', 100, 1)]), { receipts: 'none' })).toBeUndefined());

  it('has pieces of two prices, or one weighed piece, if price times quantity is not the total', () => {
    const items = [item('A', 33_33, 3, { total: toMoney(100_00, 'RUB') }), item('B', 10_00, 0.3333), item('C', 1, 0.5)];
    const receipt = receiptOf(invoice(items));
    expect(receipt?.items.map(({ description, amount, quantity, measure }) => [description, amount.value, quantity, measure])).toEqual([
      ['A', '33.33', 2, 'piece'],
      ['A', '33.34', 1, 'piece'],
      ['B × 0.3333', '3.33', 1, 'piece'],
      ['C × 0.5', '0.01', 1, 'piece'],
    ]);
  });

  it('adds up to the amount, whole or in part, within the lines allowed', () => {
    const line = fc.record({ price: fc.integer({ min: 1, max: 5_000_00 }), thousandths: fc.integer({ min: 1, max: 5_000 }) });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 130 }), fc.double({ min: 0.001, max: 1, noNaN: true }), (lines, share) => {
        const items = lines
          .map(({ price, thousandths }, index) =>
            item(`Товар ${index}`, price, thousandths / 1000, { vat: ['vat10', 'none', 'vat20'][index % 3] }),
          )
          .filter(({ total }) => total.minor > 0);
        if (items.length === 0) return;
        const request = invoice(items);
        const part = Math.max(1, Math.floor(request.amount.minor * share));
        const [whole, partial] = [receiptOf(request), receiptOf(request, {}, part)];
        expect(sum(whole)).toBe(request.amount.minor);
        expect(sum(partial)).toBe(part);
        for (const receipt of [whole, partial]) {
          expect(receipt?.items.length).toBeLessThanOrEqual(100);
          for (const { amount, description } of receipt?.items ?? []) {
            expect(amount.value).toMatch(/^\d+\.\d\d$/);
            expect(description.length).toBeGreaterThan(0);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['one piece', 75_00, [['Kettle', '75.00', 1]]],
    ['all pieces of a line', 150_00, [['Kettle', '75.00', 2]]],
    ['the delivery', 300_00, [['Delivery', '300.00', 1]]],
    [
      'a piece and the delivery',
      375_00,
      [
        ['Kettle', '75.00', 1],
        ['Delivery', '300.00', 1],
      ],
    ],
    ['a piece of the dearer price', 33_34, [['Cup', '33.34', 1]]],
    ['a weighed line', 125_00, [['Tea', '1000.00', 0.125]]],
  ])('of a part names the goods that make it: %s', (_name, part, lines) => {
    const items = [item('Kettle', 75_00, 2), item('Cup', 33_33, 3, { total: toMoney(100_00, 'RUB') }), item('Tea', 1000_00, 0.125)];
    const receipt = receiptOf(invoice([...items, item('Delivery', 300_00, 1)]), {}, part);
    expect(receipt?.items.map(({ description, amount, quantity }) => [description, amount.value, quantity])).toEqual(lines);
  });

  it('of a part that no goods make has a share of each line', () => {
    const receipt = receiptOf(invoice([item('Kettle', 75_00, 2), item('Delivery', 300_00, 1)]), {}, 100_00);
    expect(receipt?.items.map(({ amount, quantity, measure }) => [amount.value, quantity, measure])).toEqual([
      ['33.33', 1, 'another'],
      ['66.67', 1, 'another'],
    ]);
  });

  it('has marked goods without their own code as such, if codes are sent', () => {
    const items = [item('Coat', 100_00, 1, { markingCode: '010460' }), item('Coat', 100_00, 2, { lacksCode: true })];
    const kinds = (marking: 'gs_1m' | 'none') => receiptOf(invoice(items), { marking })?.items.map((one) => one.payment_subject);
    expect(kinds('gs_1m')).toEqual(['marked', 'non_marked']);
    expect(kinds('none')).toEqual(['commodity', 'commodity']);
  });

  it('folds the smallest lines into one for each rate, and never one with a marking code', () => {
    const items = Array.from({ length: 90 }, (_, index) => item(`T${index}`, 100 + index, 1, { vat: index % 2 ? 'vat10' : 'none' }));
    items[0] = { ...items[0]!, markingCode: '010460' };
    const receipt = receiptOf(invoice(items), { receipts: 'yookassa', marking: 'gs_1m', timezone: 2, plannedStatus: 1 });
    expect(receipt?.items).toHaveLength(80);
    expect(receipt?.items.filter(({ description }) => description.startsWith('Other items'))).toMatchObject([
      { vat_code: 1, quantity: 1 },
      { vat_code: 3, quantity: 1 },
    ]);
    expect(receipt?.items[0]).toMatchObject({
      ...{ mark_code_info: { gs_1m: '010460' }, mark_mode: '0', planned_status: 1, payment_subject: 'marked', measure: 'piece' },
    });
    expect(receipt?.timezone).toBe(2);
  });

  it('contains the planned status and the time zone only for codes in a form that has them', () => {
    const items = [item('A', 100, 1, { markingCode: '010460' })];
    const receipt = receiptOf(invoice(items), { receipts: 'register', marking: 'mark_code_raw', timezone: 2, plannedStatus: 1 });
    expect(receipt).not.toHaveProperty('timezone');
    expect(receipt?.items[0]).toMatchObject({ mark_code_info: { mark_code_raw: '010460' }, mark_mode: '0' });
    expect(receipt?.items[0]).not.toHaveProperty('planned_status');
  });

  it('has product codes of the shop’s own register only', () => {
    const items = [item('A', 100, 1, { productCode: '00 00 ab' })];
    expect(receiptOf(invoice(items), { receipts: 'register' })?.items[0]).toMatchObject({ product_code: '00 00 AB' });
    expect(receiptOf(invoice(items), { receipts: 'yookassa' })?.items[0]).not.toHaveProperty('product_code');
  });

  it('of the self-employed has six lines, whole quantities and no VAT', () => {
    const items = [item('A', 100_00, 1.5, { vat: 'vat20' }), ...Array.from({ length: 8 }, (_, index) => item(`T${index}`, 100, 2))];
    const receipt = receiptOf(invoice(items), { receipts: 'selfEmployed', vat: 'vat10' });
    expect(receipt?.items).toHaveLength(6);
    expect(receipt?.items.every(({ vat_code, quantity }) => vat_code === 1 && Number.isInteger(quantity))).toBe(true);
  });

  it('without items is one line of the whole amount', () => {
    const receipt = receiptOf(invoice([], { amount: toMoney(1_234_50, 'RUB') }), { vat: 'vat22' });
    expect(receipt?.items).toMatchObject([{ description: 'Order 1001', amount: { value: '1234.50' }, quantity: 1, vat_code: 11 }]);
  });

  it('goes to the shop’s e-mail if the buyer has no e-mail, and is rejected with the field if both are missing', () => {
    const request = invoice([item('A', 100, 1)], { buyer: { phone: '+7 916 123-45-67' } });
    expect(receiptOf(request)?.customer).toEqual({ phone: '79161234567' });
    expect(receiptOf(request, { receiptEmail: 'shop@example.com' })?.customer).toEqual({ email: 'shop@example.com', phone: '79161234567' });
    let error: ProviderError | undefined;
    try {
      receiptOf(request, { receipts: 'yookassa' });
    } catch (thrown) {
      error = thrown as ProviderError;
    }
    expect([error?.kind, Object.keys(error?.fields ?? {})]).toEqual(['invalid', ['customer.email']]);
  });

  it('names a legal person', () => {
    const customer = { phones: [], contragent: { legalName: 'ООО «Ромашка»', inn: '7707083893' } };
    expect(receiptOf(invoice([item('A', 100, 1)], { customer }))?.customer).toMatchObject({
      full_name: 'ООО «Ромашка»',
      inn: '7707083893',
    });
  });
});
