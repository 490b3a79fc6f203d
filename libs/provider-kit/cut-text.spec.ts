import { describe, expect, it } from '@jest/globals';
import { joinReasons } from './cut-text.js';

describe('the reasons of a service', () => {
  it.each([
    [['Phone is wrong', 'phone is wrong.'], 'Phone is wrong'],
    [['Bad request', 'Bad request: phone is wrong'], 'Bad request: phone is wrong'],
    [['recipient.phones[0].number: must be a phone'], 'must be a phone'],
    [['Wrong value of recipient.phones[0].number in the order'], 'Wrong value of in the order'],
    [['sender.address is empty', undefined, ''], 'is empty'],
    [['Write to help@cdek.ru', 'See cdek.ru/help'], 'Write to help@cdek.ru; See cdek.ru/help'],
  ])('%j are said once, without paths', (sentences, said) => {
    expect(joinReasons(sentences)).toBe(said);
  });
});
