import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { CallbackError } from '../errors/index.js';
import { Guesses } from './guesses.js';

const REFUSAL = new CallbackError(403, 'no');
let guesses: Guesses;
let lines: string[];

const guess = (address: string, times = 1, kind: Parameters<Guesses['wrong']>[0] = 'client ids'): CallbackError => {
  let error = REFUSAL;
  for (let at = 0; at < times; at++) error = guesses.wrong(kind, address, REFUSAL);
  return error;
};

beforeEach(() => {
  jest.useFakeTimers();
  lines = [];
  jest.spyOn(Logger.prototype, 'warn').mockImplementation((line: unknown) => void lines.push(String(line)));
  guesses = new Guesses();
});

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

describe('wrong secrets', () => {
  it('get 429 once an address sent too many, for each kind separately, for a minute', () => {
    expect(guess('203.0.113.7', 30)).toBe(REFUSAL);
    expect(guess('203.0.113.7')).toMatchObject({ status: 429, retryAfterSeconds: expect.any(Number) });
    expect(guess('203.0.113.7', 1, 'operator tokens')).toBe(REFUSAL);
    expect(guess('203.0.113.8')).toBe(REFUSAL);
    jest.advanceTimersByTime(60_001);
    expect(guess('203.0.113.7')).toBe(REFUSAL);
  });

  it('of one network of version 6 are counted together, and so are both spellings of version 4', () => {
    guess('2001:db8:1:2::1', 15);
    guess('2001:db8:1:2:ffff::2', 15);
    expect(guess('2001:db8:1:2::3').status).toBe(429);
    expect(guess('2001:db8:1:3::3')).toBe(REFUSAL);
    guess('203.0.113.7', 30);
    expect(guess('::ffff:203.0.113.7').status).toBe(429);
  });

  it('are logged once a minute with their number, and not when there are none', () => {
    guess('203.0.113.7', 40);
    guess('203.0.113.8', 2);
    expect(lines).toEqual([]);
    jest.advanceTimersByTime(60_000);
    expect(lines).toEqual(['42 wrong client ids within a minute, 10 of them answered 429; the last came from 203.0.113.8']);
    jest.advanceTimersByTime(600_000);
    expect(lines).toHaveLength(1);
    guess('203.0.113.8', 1, 'one-time tokens');
    guesses.onModuleDestroy();
    expect(lines[1]).toContain('1 wrong one-time tokens');
  });

  it('take a bounded memory, however many addresses send them', () => {
    for (let at = 0; at < 20_000; at++) guess(`10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`);
    expect((guesses as unknown as { counts: { size: number } }).counts.size).toBe(10_000);
  });
});
