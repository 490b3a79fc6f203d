import { describe, expect, it } from '@jest/globals';
import type {
  Json,
  exact,
  OrdersGetResponse,
  ReferencesStatusesResponse,
  IntegrationModulesEditResponse,
  CustomFieldsResponse,
  UsersResponse,
} from './index.js';
import { Normaliser } from './normalise.js';

const normaliser = new Normaliser('Europe/Moscow');

// Replies with the contract's oddities. They compile, which shows that the wire types allow them.
const statuses: ReferencesStatusesResponse = {
  success: true,
  statuses: {
    new: { name: 'New', code: 'new', active: true, ordering: 10, group: 'new' },
    done: { code: 'done', active: '1', ordering: '20', group: { code: 'complete' } },
  },
};
const edited: IntegrationModulesEditResponse = { success: true, info: [] };
const fields: CustomFieldsResponse = {
  success: true,
  pagination: { limit: 20, totalCount: 1, currentPage: 1, totalPageCount: 1 },
  customFields: [{ code: 'age', type: 'integer', default: 18, required: false, ordering: '50', defaultTyped: 18 }],
};
const users: UsersResponse = {
  success: true,
  users: [{ id: '7', active: true, groups: [], phone: 79001234567, createdAt: '2024-03-10 00:05:07' }],
};
const order: OrdersGetResponse = {
  success: true,
  order: {
    id: 1,
    managerId: '5',
    createdAt: '2024-03-10 00:05:07',
    shipmentDate: '2024-03-10',
    customer: { id: 3, customFields: [], contragent: [], birthday: null },
    payments: { '12': { id: 12, type: 'cash', amount: '100.50' }, '13': { id: 13, type: 'card' } },
    delivery: { code: 'courier', time: { from: '10:00' }, service: 'express', data: [] },
    items: [],
    customFields: [],
    source: [],
  },
};

const read = (type: Parameters<Normaliser['answer']>[0], value: unknown): unknown => normaliser.answer(type, value as Json);

describe('normalising', () => {
  it('makes a list of an object keyed by code, numbers of strings, texts of coded objects', () => {
    const answer = read('ReferencesStatusesResponse', statuses) as exact.ReferencesStatusesResponse;
    expect(answer.statuses).toEqual([
      { name: 'New', code: 'new', active: true, ordering: 10, group: 'new' },
      { code: 'done', active: true, ordering: 20, group: 'complete' },
    ]);
  });

  it('makes an object of an empty list, also inside', () => {
    expect(read('IntegrationModulesEditResponse', edited)).toEqual({ success: true, info: {} });
  });

  it('converts a number to a text and keeps untyped values', () => {
    const answer = read('CustomFieldsResponse', fields) as exact.CustomFieldsResponse;
    expect(answer.customFields?.[0]).toEqual({
      code: 'age',
      type: 'integer',
      default: '18',
      required: false,
      ordering: 50,
      defaultTyped: 18,
    });
    expect((read('UsersResponse', users) as exact.UsersResponse).users?.[0]).toEqual({
      id: 7,
      active: true,
      groups: [],
      phone: '79001234567',
      createdAt: new Date('2024-03-09T21:05:07Z'),
    });
  });

  it('reads an order as the real API gives it', () => {
    expect((read('OrdersGetResponse', order) as exact.OrdersGetResponse).order).toEqual({
      id: 1,
      managerId: 5,
      createdAt: new Date('2024-03-09T21:05:07Z'),
      shipmentDate: new Date('2024-03-09T21:00:00Z'),
      customer: { id: 3, customFields: [], contragent: {}, birthday: null },
      payments: [
        { id: 12, type: 'cash', amount: 100.5 },
        { id: 13, type: 'card' },
      ],
      delivery: { code: 'courier', time: { from: '10:00' }, service: { code: 'express' }, data: {} },
      items: [],
      customFields: [],
      source: {},
    });
  });

  it('keeps fields the contract does not name', () => {
    expect(read('IdResponse', { success: true, id: '4', news: { a: 1 } })).toEqual({ success: true, id: 4, news: { a: 1 } });
  });

  it('is not led by a field called __proto__', () => {
    const answer = read('IdResponse', JSON.parse('{"success":true,"__proto__":{"id":5}}'));
    expect((answer as { id?: number }).id).toBeUndefined();
  });

  it.each([
    ['IdResponse', { id: 'many' }, 'IdResponse.id must be a number, but is a string'],
    ['OrdersGetResponse', { order: { items: 'none' } }, 'OrdersGetResponse.order.items must be a list, but is a string'],
    [
      'OrdersGetResponse',
      { order: { customer: [1] } },
      'OrdersGetResponse.order.customer must be an object (OrderCustomer), but is a list',
    ],
    [
      'OrdersGetResponse',
      { order: { createdAt: 'soon' } },
      'OrdersGetResponse.order.createdAt must be a date (Y-m-d H:i:s), but is a string',
    ],
    ['OrdersGetResponse', { order: { call: 'perhaps' } }, 'OrdersGetResponse.order.call must be a boolean, but is a string'],
    ['SuccessResponse', 7, 'SuccessResponse must be an object (SuccessResponse), but is a number'],
  ] as const)('refuses %s %j with its place', (type, value, message) => {
    expect(() => read(type, value)).toThrow(message);
  });

  it('does not guess a zone', () => {
    const zoneless = new Normaliser(undefined);
    expect(() => zoneless.answer('OrdersGetResponse', { order: { createdAt: '2024-03-10 00:05:07' } })).toThrow(
      'call loadTimeZone() first',
    );
  });
});
