import { describe, expect, it } from '@jest/globals';
import { type Buyer, isNamed, listShopIds, toNeedle } from './buyer.js';

const buyer = (kind: Buyer['kind'], value: string): Buyer => ({ kind, value, country: 'RU' });
const phone = buyer('phone', '+79161234567');
const email = buyer('email', 'anna@example.com');
const customer = buyer('customer', '5');

describe('a buyer', () => {
  it.each<[string, unknown, Buyer, boolean]>([
    ['a number in another form', { recipient: { phone: '8 (916) 123-45-67' } }, phone, true],
    ['a number in a list', { customer: { phones: ['+7 495 000', '+7 916 123-45-67'] } }, phone, true],
    ['another number with the same end', { recipient: { phone: '+7 926 123-45-67' } }, phone, false],
    ["a manager's number", { recipient: {}, manager: { phone: '+79161234567' } }, phone, false],
    ["a store's number", { store: { address: { text: '+79161234567' } } }, phone, false],
    ['a number within a text', { comment: 'call +79161234567' }, phone, true],
    ['an address in capitals', { customer: { email: ' Anna@Example.com ' } }, email, true],
    ['a longer address', { customer: { email: 'joanna@example.com' } }, email, false],
    ['the customer', { customer: { id: 5 } }, customer, true],
    ['the buyer of a payment', { buyer: { id: '5' } }, customer, true],
    ['another customer', { customer: { id: 55 } }, customer, false],
    ['something else with that id', { parcels: [{ id: 5 }], order: '5' }, customer, false],
    ['nothing', null, phone, false],
    ['an emptied record', { recipient: {}, customer: null }, email, false],
  ])('is recognized by %s', (_what, value, one, expected) => expect(isNamed(value, one)).toBe(expected));

  it('has the shop’s ids of the buyer, not of others', () => {
    const own = { externalId: 'a-1', phones: ['89161234567'] };
    expect(listShopIds({ customer: own }, phone)).toEqual(['a-1']);
    // The person receives someone else's parcels, or is the contact of a company.
    expect(listShopIds({ recipient: { phone: '89161234567' }, customer: { externalId: 'b', phones: [] } }, phone)).toEqual([]);
    expect(listShopIds({ customer: { ...own, type: 'customer_corporate' } }, phone)).toEqual([]);
    expect(listShopIds({ customer: { id: 5, externalId: 7 } }, customer)).toEqual(['7']);
  });

  it('is looked for by the end of the number', () => {
    expect([phone, email, customer].map(toNeedle)).toEqual(['1234567', 'anna@example.com', '5']);
  });
});
