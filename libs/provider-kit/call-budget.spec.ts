import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CallBudget } from './call-budget.js';

let now = 0;
beforeEach(() => {
  now = 10_000;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => void jest.restoreAllMocks());

describe('the budget of a call', () => {
  it('begins when the work began', () => {
    expect(new CallBudget(5_000, 8_000).left).toBe(3_000);
    expect(new CallBudget(5_000).left).toBe(5_000);
  });

  it.each([
    [5_000, 4_000, true],
    [5_000, 4_001, false],
    [600, 450, true],
    [600, 451, false],
    [600, 900, false],
  ])('of %i ms, %i ms after its begin, may begin a call with an effect: %s', (ms, later, may) => {
    const budget = new CallBudget(ms);
    now += later;
    if (may) budget.refuseLate();
    else expect(() => budget.refuseLate()).toThrow('nothing was sent');
  });

  it('that has passed ends its calls immediately', () => {
    const budget = new CallBudget(100);
    now += 100;
    expect([budget.signal().aborted, (budget.signal().reason as Error).name]).toEqual([true, 'TimeoutError']);
  });
});
