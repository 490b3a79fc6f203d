import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Schemas } from '../api.js';
import { hideNeed, listOpen } from './ended-needs.js';

const need = (connection: string, count = 1): Schemas['Need'] =>
  ({ kind: 'service-away', count, act: { operation: 'checkConnection', path: { id: connection } } }) as unknown as Schemas['Need'];

describe('a need whose act has succeeded', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is hidden until a later overview, also with another count, while needs of other shops are shown', () => {
    hideNeed(need('a'));
    const needs = [need('a', 2), need('b')];
    expect(listOpen(needs)).toEqual([need('b')]);
    jest.advanceTimersByTime(20_000);
    expect(listOpen(needs)).toEqual(needs);
  });
});
