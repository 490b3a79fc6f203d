import { describe, expect, it } from '@jest/globals';
import { joinReasons, quoteReasons, quoteRefusal } from './cut-text.js';

describe('the reasons of a service', () => {
  it.each([
    [['Phone is wrong', 'phone is wrong.'], 'Phone is wrong'],
    [['Bad request', 'Bad request: phone is wrong'], 'Bad request: phone is wrong'],
    [['recipient.phones[0].number: must be a phone'], 'must be a phone'],
    [['Wrong value of recipient.phones[0].number in the order'], 'Wrong value of in the order'],
    [['sender.address is empty', undefined, ''], 'is empty'],
    [['Write to help@cdek.ru', 'See cdek.ru/help'], 'Write to help@cdek.ru; See cdek.ru/help'],
  ])('%j are reported once, without paths', (sentences, said) => {
    expect(joinReasons(sentences)).toBe(said);
  });

  it('are quoted as its words, by the quotation marks of their letters', () => {
    expect(quoteReasons(['Улица не найдена.', 'улица не найдена'])).toBe('«Улица не найдена»');
    expect(quoteReasons(['Card :'])).toBe('“Card”');
    expect(quoteReasons(['', undefined])).toBeUndefined();
    expect(quoteRefusal('CDEK', ['$.items[0].price: is wrong'], 'no reason')).toBe('CDEK: “is wrong”');
    expect(quoteRefusal('CDEK', [undefined], 'no reason')).toBe('CDEK: no reason');
  });
});
