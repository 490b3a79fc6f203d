import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MemoryCache, providerContext } from '#testing';
import { type TelegramContext, TelegramSettings } from './telegram.settings.js';
import { refuseEarly, notePause } from './telegram.api.js';
import { claims } from './bots.js';

let cache: MemoryCache;
const of = (connectionId: string): TelegramContext => providerContext(new TelegramSettings(), { now: new Date(), cache, connectionId });

beforeEach(() => {
  jest.useFakeTimers();
  cache = new MemoryCache();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('a bot', () => {
  it('belongs to the connection that claimed it first, and can only be given up by it', async () => {
    expect([await claims.claim('7', of('one')), await claims.claim('7', of('other'))]).toEqual([true, false]);
    await claims.release('7', of('other'));
    expect([await claims.isTaken('7', of('other')), await claims.isTaken('7', of('one'))]).toEqual([true, false]);
    await claims.release('7', of('one'));
    expect(await claims.claim('7', of('other'))).toBe(true);
  });

  it('is free after a week without its connection', async () => {
    await claims.claim('7', of('one'));
    jest.advanceTimersByTime(6 * 86_400_000);
    await claims.claim('7', of('one'));
    jest.advanceTimersByTime(6 * 86_400_000);
    expect(await claims.claim('7', of('other'))).toBe(false);
    jest.advanceTimersByTime(86_400_000);
    expect(await claims.claim('7', of('other'))).toBe(true);
  });
});

describe('a pause of Telegram', () => {
  const place = { bot: '7', chat: '5' };
  const left = (where = place): Promise<number | undefined> =>
    refuseEarly(where, of('one')).then(
      () => undefined,
      (error: { retryAfterMs?: number }) => error.retryAfterMs,
    );

  it('refuses calls about its chat until its end', async () => {
    expect(await notePause(5_000, place, of('one'))).toMatchObject({ kind: 'rate_limited', retryAfterMs: 5_000 });
    jest.advanceTimersByTime(4_999);
    expect([await left(), await left({ ...place, chat: '6' })]).toEqual([1, undefined]);
    jest.advanceTimersByTime(1);
    expect(await left()).toBeUndefined();
  });

  it('is not ended by a shorter one', async () => {
    await notePause(60_000, place, of('one'));
    await notePause(1_000, place, of('one'));
    expect(await left()).toBe(60_000);
    await notePause(undefined, place, of('one'));
    expect(await left()).toBe(60_000);
  });
});
