import { describe, expect, it } from '@jest/globals';
import { BadInputError, getParser } from '#platform/plain';
import type { Customer } from './customer.js';
import { CustomerDto, toCustomer } from './customer.dto.js';

const parser = getParser(CustomerDto);
const read = (sent: object): Customer => toCustomer(parser.parse(sent));

const ADDRESS = {
  ...{ index: '125047', region: 'Москва', regionId: 1, city: 'Москва', cityId: 2, cityType: 'г.', street: 'Лесная', streetId: 3 },
  ...{ streetType: 'ул.', building: '4', flat: '41', floor: 5, block: 3, house: '7', housing: '2', metro: 'Белорусская' },
  ...{ notes: 'Домофон 41', text: 'Москва, Лесная, 7', id: 9, name: 'Дом', isMain: true, externalId: 'a-9' },
};
const PLAIN = {
  ...{ id: 7, externalId: 'c-7', type: 'customer_corporate', isContact: false, site: 'shop', managerId: 4, vip: true, bad: false },
  ...{ createdAt: '2026-01-02 03:04:05', firstName: 'Ольга', lastName: 'Кузнецова', patronymic: 'Ильинична', sex: 'female' },
  ...{ email: 'olga@example.com', customFields: { floor_code: '12#', doors: [1, 2] } },
};
const CONTRAGENT = {
  ...{
    contragentType: 'enterpreneur',
    type: 'ООО',
    legalName: 'ООО «Ромашка»',
    legalAddress: 'Москва',
    certificateNumber: '77',
    bank: 'Банк',
  },
  ...{ bankAddress: 'Тверь', corrAccount: '301', bankAccount: '407' },
};

describe('the customer of a callback', () => {
  it('is read with all that a service may need', () => {
    const sent = {
      ...PLAIN,
      birthday: '1990-05-06 00:00:00',
      phones: ['+79161234567', '+74951234567'],
      contragent: { ...CONTRAGENT, INN: '1', OKPO: '2', KPP: '3', OGRN: '4', OGRNIP: '5', BIK: '6', certificateDate: '2020-01-31' },
      address: { ...ADDRESS, countryIso: 'ru' },
    };
    expect(read(sent)).toEqual({
      ...PLAIN,
      birthday: '1990-05-06',
      phones: ['+79161234567', '+74951234567'],
      contragent: { ...CONTRAGENT, inn: '1', okpo: '2', kpp: '3', ogrn: '4', ogrnip: '5', bik: '6', certificateDate: '2020-01-31' },
      address: { ...ADDRESS, countryIso: 'RU' },
    });
  });

  it('leaves out what is empty, in each of the ways the CRM has for it', () => {
    const nothing = { firstName: '', email: null, phones: [''], birthday: '', contragent: [], address: {}, customFields: [] };
    expect(read(nothing)).toEqual({ phones: [] });
    expect(read({ contragent: { contragentType: '', INN: null }, address: { id: null, text: '' } })).toEqual({ phones: [] });
    expect(read({})).toEqual({ phones: [] });
  });

  it('accepts phones as texts, as numbers and as objects, and its own numbers as text', () => {
    const sent = {
      phones: ['+1', { number: '+2' }, {}, { number: '' }, 3],
      contragent: { INN: 7707083893 },
      id: '7',
      vip: 0,
      isContact: '1',
    };
    expect(read(sent)).toEqual({ phones: ['+1', '+2', '3'], contragent: { inn: '7707083893' }, id: 7, vip: false, isContact: true });
  });

  it.each([
    [{ phones: ['abc'] }, 'customer.phones[0]'],
    [{ phones: [{ number: 'нет' }, '-'] }, 'customer.phones[0]'],
    [{ email: 'abc' }, 'customer.email'],
    [{ email: 'olga@' }, 'customer.email'],
  ])('refuses obvious nonsense: %j', (sent, field) => {
    expect(() => read(sent)).toThrow(BadInputError);
    expect(() => read(sent)).toThrow(field);
  });

  it('leaves out a phone that cannot be called next to a valid one', () => {
    expect(read({ phones: ['abc', '+79161234567'] })).toEqual({ phones: ['+79161234567'] });
  });

  it('drops the figures and tags that no service needs', () => {
    const kept = read({
      firstName: 'Ana',
      marginSumm: 5,
      tags: [{ name: 'vip' }],
      segments: [{ code: 'x' }],
      source: { source: 'ad' },
      mgCustomerId: 5,
    });
    expect(kept).toEqual({ firstName: 'Ana', phones: [] });
  });
});
