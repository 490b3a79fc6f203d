import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Json } from '../form/form-values.js';
import { DraftKeeper } from './draft-keeper.js';

const FOUND = { values: { name: 'of before' }, savedAt: '2026-01-01T10:00:00Z' };

describe('what is typed and not saved', () => {
  let sent: (Json | 'removed' | 'leaving')[];
  let failing: boolean;
  let slow: Promise<void>;
  let keeper: DraftKeeper;
  const later = (ms: number): Promise<unknown> => jest.advanceTimersByTimeAsync(ms);
  const call = async (what: (typeof sent)[number]): Promise<void> => {
    await slow;
    if (failing) throw new Error('away');
    sent.push(what);
  };

  beforeEach(() => {
    jest.useFakeTimers();
    sent = [];
    failing = false;
    slow = Promise.resolve();
    keeper = new DraftKeeper({
      keep: async (values, isLeaving) => {
        await call(values);
        if (isLeaving) sent.push('leaving');
      },
      remove: () => call('removed'),
    });
  });
  afterEach(() => void jest.useRealTimers());

  it('is stored after a moment, in its last state', async () => {
    for (const name of ['a', 'ab', 'abc']) {
      keeper.note({ name });
      await later(500);
    }
    expect(sent).toEqual([]);
    await later(1_000);
    expect(sent).toEqual([{ name: 'abc' }]);
    expect(keeper.leave()).toBe(true);
    await later(60_000);
    expect(sent).toEqual([{ name: 'abc' }]);
  });

  it('is removed when all values are stored again, and only if it existed', async () => {
    keeper.note(null);
    await later(2_000);
    expect(sent).toEqual([]);
    keeper.note({ name: 'a' });
    await later(2_000);
    keeper.note(null);
    await later(2_000);
    expect(sent).toEqual([{ name: 'a' }, 'removed']);
  });

  it('is tried again when it could not be kept, and leaving warns meanwhile', async () => {
    failing = true;
    keeper.note({ name: 'a' });
    await later(1_000);
    expect([keeper.isLost.value, keeper.leave()]).toEqual([true, false]);
    failing = false;
    await later(10_000);
    expect([keeper.isLost.value, keeper.leave(), sent]).toEqual([false, true, [{ name: 'a' }]]);
  });

  it('is sent on the way out, unless that would be too much or a secret would be lost', async () => {
    keeper.note({ name: 'a' });
    expect(keeper.leave()).toBe(true);
    await later(0);
    expect(sent).toEqual([{ name: 'a' }, 'leaving']);
    keeper.note({ name: 'x'.repeat(70_000) });
    expect(keeper.leave()).toBe(false);
    keeper.note(null, true);
    expect(keeper.leave()).toBe(false);
    keeper.note(null);
    expect(keeper.leave()).toBe(true);
  });

  it('does not replace the offered draft until the user has decided', async () => {
    keeper.offer(FOUND);
    keeper.note({ name: 'new' });
    await later(60_000);
    expect([sent, keeper.leave()]).toEqual([[], false]);
    await keeper.discard();
    await later(1_000);
    expect([sent, keeper.offered.value]).toEqual([['removed', { name: 'new' }], undefined]);
  });

  it('can be gone on with', async () => {
    keeper.offer(FOUND);
    expect(keeper.accept()).toEqual(FOUND.values);
    expect(keeper.offered.value).toBeUndefined();
    keeper.note(null);
    await later(1_000);
    expect(sent).toEqual(['removed']);
  });

  it('is gone once the form was saved, also what was on its way', async () => {
    let release = (): void => undefined;
    slow = new Promise((resolve) => (release = resolve));
    keeper.note({ name: 'a' });
    await later(1_000);
    keeper.forget();
    release();
    await later(20_000);
    expect([sent, keeper.leave()]).toEqual([[{ name: 'a' }, 'removed'], true]);
  });
});
