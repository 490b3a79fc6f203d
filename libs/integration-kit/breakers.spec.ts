import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ProviderError, type ProviderErrorKind } from '#provider-kit';
import { BreakerOpenError, Breakers } from './breakers.js';

describe('the breaker', () => {
  let breakers: Breakers;
  let calls: number;
  const call =
    (kind?: ProviderErrorKind): (() => Promise<string>) =>
    () => {
      calls++;
      return kind === undefined ? Promise.resolve('well') : Promise.reject(new ProviderError(kind, `it is ${kind}`));
    };
  const run = (kind?: ProviderErrorKind, key = 'a'): Promise<string> => breakers.run(key, call(kind));

  beforeEach(() => {
    jest.useFakeTimers();
    breakers = new Breakers({ failures: 2, openMs: 60 });
    calls = 0;
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('opens after failures in a row, lets one probe through, closes when it is well', async () => {
    await expect(run('unavailable')).rejects.toThrow('it is unavailable');
    await expect(run('unknown_outcome')).rejects.toThrow('it is unknown_outcome');
    await expect(run()).rejects.toThrow(BreakerOpenError);
    expect(calls).toBe(2);

    jest.advanceTimersByTime(80);
    await expect(run('unavailable')).rejects.toThrow('it is unavailable');
    await expect(run()).rejects.toThrow(BreakerOpenError);
    expect(calls).toBe(3);

    jest.advanceTimersByTime(80);
    expect([await run(), await run()]).toEqual(['well', 'well']);
    expect(calls).toBe(5);
  });

  it('allows one trial call and rejects the others immediately', async () => {
    for (let n = 0; n < 2; n++) await expect(run('unavailable')).rejects.toThrow(ProviderError);
    jest.advanceTimersByTime(80);
    let answer = (_text: string): void => undefined;
    const probe = breakers.run('a', () => new Promise<string>((resolve) => (answer = resolve)));
    await expect(run()).rejects.toThrow(BreakerOpenError);
    answer('well');
    expect(await probe).toBe('well');
    expect(await run()).toBe('well');
  });

  it('is one for each key', async () => {
    for (let n = 0; n < 3; n++) await run('unavailable').catch(() => undefined);
    expect(await run(undefined, 'b')).toBe('well');
  });

  it('does not open for an outcome that is unknown from memory, because no call was made', async () => {
    const remembered = new ProviderError('unknown_outcome', 'still unknown', { isRemembered: true });
    for (let n = 0; n < 5; n++) await expect(breakers.run('a', () => Promise.reject(remembered))).rejects.toBe(remembered);
    expect(await run()).toBe('well');
  });

  it.each<ProviderErrorKind>(['invalid', 'rejected', 'auth', 'rate_limited'])('does not open for an error of the kind %s', async (kind) => {
    for (let n = 0; n < 5; n++) await expect(run(kind)).rejects.toThrow(`it is ${kind}`);
    expect(await run()).toBe('well');
  });

  it('counts failures in a row only', async () => {
    for (let n = 0; n < 3; n++) {
      await run('unavailable').catch(() => undefined);
      await run();
    }
    expect(calls).toBe(6);
  });
});
