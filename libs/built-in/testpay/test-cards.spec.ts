import { describe, expect, it } from '@jest/globals';
import { TEST_CARDS, findTestCard } from './test-cards.js';

describe('the test cards', () => {
  it('are known by their digits, however they are written', () => {
    expect(findTestCard('4242 4242-4242 4242')?.number).toBe('4242424242424242');
    expect(findTestCard('4242')).toBeUndefined();
    expect(findTestCard('')).toBeUndefined();
  });

  it('are each listed once', () => {
    expect(new Set(TEST_CARDS.map((card) => card.number)).size).toBe(TEST_CARDS.length);
  });
});
