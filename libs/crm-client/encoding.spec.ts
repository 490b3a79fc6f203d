import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { encodeForm } from './encoding.js';
import type { TypeName } from './generated/schema-data.js';
import { decodeForm } from './test-support/form-decoder.js';

const encoder = { form: (type: TypeName, request: object) => encodeForm(type, request, 'America/New_York') };
const form = (request: object): string => decodeURIComponent(encoder.form('OrdersRequest', request));

describe('a query', () => {
  it('is nested as the API reads it', () => {
    expect(form({ filter: { ids: [1, 2], customer: 'Ann' }, limit: 50 })).toBe(
      'filter[ids][]=1&filter[ids][]=2&filter[customer]=Ann&limit=50',
    );
  });

  it('sends booleans as 1 and 0', () => {
    expect(form({ filter: { vip: true, bad: false } })).toBe('filter[vip]=1&filter[bad]=0');
  });

  it('leaves out what is undefined or null, and empty lists and objects', () => {
    expect(form({ filter: { vip: undefined, bad: null, ids: [], customFields: {} }, page: null })).toBe('');
  });

  it('numbers things in a list and nests custom fields', () => {
    const request = { filter: { subscriptions: [{ channel: 'email', subscribed: true }], customFields: { birth: { min: '2020-01-01' } } } };
    expect(decodeURIComponent(encoder.form('CustomersRequest', request))).toBe(
      'filter[subscriptions][0][channel]=email&filter[subscriptions][0][subscribed]=1&filter[customFields][birth][min]=2020-01-01',
    );
  });

  it('escapes what could end a value', () => {
    expect(encoder.form('OrdersRequest', { filter: { customer: 'a&b=c d+%[]#' } })).toBe(
      'filter%5Bcustomer%5D=a%26b%3Dc%20d%2B%25%5B%5D%23',
    );
  });

  it('puts half a surrogate pair right instead of failing', () => {
    expect(encoder.form('OrdersRequest', { filter: { customer: 'a\ud800' } })).toBe('filter%5Bcustomer%5D=a%EF%BF%BD');
  });

  it("writes a Date in its field's format, in the account's zone", () => {
    const at = new Date('2024-07-01T03:30:00Z');
    expect(decodeURIComponent(encoder.form('OrdersHistoryRequest', { filter: { startDate: at } }))).toBe(
      'filter[startDate]=2024-06-30 23:30:00',
    );
  });

  it('gives any nested filter back to a PHP-like reader', () => {
    const key = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,8}$/);
    const leaf = fc.oneof(
      fc.string(),
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(leaf, { minLength: 1, maxLength: 4 }),
        fc.dictionary(key, tie('tree'), { minKeys: 1, maxKeys: 4 }),
      ),
    }));
    const asText = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(asText);
      if (typeof value === 'object' && value !== null)
        return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asText(inner)]));
      return typeof value === 'boolean' ? (value ? '1' : '0') : typeof value === 'string' ? value.toWellFormed() : String(value);
    };
    fc.assert(
      fc.property(fc.dictionary(key, tree, { minKeys: 1, maxKeys: 4 }), (customFields) => {
        const sent = encoder.form('OrdersRequest', { filter: { customFields } });
        expect(decodeForm(sent)).toEqual({ filter: { customFields: asText(customFields) } });
      }),
    );
  });
});

describe('a form with a JSON field', () => {
  const sent = (request: object): unknown =>
    JSON.parse(decodeForm(encoder.form('DeliveryTrackingRequest', request))['statusUpdate'] as string);

  it("holds one document, with dates in the contract's format", () => {
    const statusUpdate = [
      { deliveryId: 'd1', cost: 10.5, history: [{ code: 'sent', updatedAt: new Date('2024-01-02T03:04:05Z'), comment: 'ü' }] },
    ];
    expect(sent({ statusUpdate })).toEqual([
      { deliveryId: 'd1', cost: 10.5, history: [{ code: 'sent', updatedAt: '2024-01-01T22:04:05-05:00', comment: 'ü' }] },
    ]);
    expect(statusUpdate[0]?.history[0]?.updatedAt).toBeInstanceOf(Date);
  });

  it('keeps null, which empties a field in the CRM, and drops undefined', () => {
    expect(sent({ statusUpdate: [{ deliveryId: 'd1', trackNumber: null, cost: undefined }] })).toEqual([
      { deliveryId: 'd1', trackNumber: null },
    ]);
  });

  it('gives any JSON value back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ deliveryId: fc.string(), extraData: fc.dictionary(fc.string(), fc.string()) }), { minLength: 1 }),
        (items) => {
          expect(sent({ statusUpdate: items })).toEqual(JSON.parse(JSON.stringify(items)));
        },
      ),
    );
  });
});

describe('what cannot be sent', () => {
  it.each([
    [
      'a number that is not finite',
      'DeliveryTrackingRequest',
      { statusUpdate: [{ cost: NaN }] },
      'statusUpdate[0].cost is NaN. Pass a finite number',
    ],
    ['an endless number in a query', 'OrdersRequest', { page: Infinity }, 'page is Infinity. Pass a finite number'],
    [
      'a Date without a format',
      'OrdersRequest',
      { filter: { createdAtFrom: new Date(0) } },
      'filter.createdAtFrom has no date format in the contract',
    ],
    ['an invalid Date', 'OrdersHistoryRequest', { filter: { startDate: new Date('x') } }, 'filter.startDate is an invalid Date'],
    [
      "another library's date",
      'DeliveryTrackingRequest',
      { statusUpdate: [{ history: [{ updatedAt: DateTime.now() }] }] },
      'statusUpdate[0].history[0].updatedAt is an object with its own JSON format',
    ],
    [
      "another library's date in a query",
      'OrdersRequest',
      { filter: { customer: DateTime.now() } },
      'filter.customer is of a type that cannot be sent: object',
    ],
    ['a function', 'OrdersRequest', { filter: { customer: () => 1 } }, 'filter.customer is of a type that cannot be sent: function'],
  ] as const)('%s is refused with its place', (_, type, request, message) => {
    expect(() => encoder.form(type, request)).toThrow(message);
  });

  it('a Date without a known zone is refused with what to do, one with an offset in its format is not', () => {
    const zoneless = { form: (type: TypeName, request: object) => encodeForm(type, request, undefined) };
    expect(() => zoneless.form('OrdersHistoryRequest', { filter: { endDate: new Date(0) } })).toThrow('Pass timeZone to the client');
    expect(decodeForm(zoneless.form('CustomerInteractionCartSetRequest', { cart: { droppedAt: new Date(0) } }))).toEqual({
      cart: '{"droppedAt":"1970-01-01 00:00:00+00:00"}',
    });
  });
});
