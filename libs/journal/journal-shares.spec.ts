import { describe, expect, it } from '@jest/globals';
import { JournalShares, type SharedRow } from './journal-shares.js';

const LIMITS = { JOURNAL_ACCOUNT_RATE: 1, JOURNAL_MAX_MB: 2048, JOURNAL_DAYS: 7 };

function create(rate: number): JournalShares {
  return new JournalShares({ ...LIMITS, JOURNAL_ACCOUNT_RATE: rate });
}

function count(shares: JournalShares, row: Partial<SharedRow>, tries: number, now: number): number {
  const taken = { outcome: 'ok', bytes: 2_000, ...row };
  return Array.from({ length: tries }, () => shares.take(taken, now)).filter((kind) => kind === undefined).length;
}

const a = { connectionId: 'a' };
const failed = { connectionId: 'a', outcome: 'refused' };

describe('the rows that an account may have written', () => {
  it('are a hundred seconds of the rate immediately, then the rate', () => {
    const shares = create(2);
    expect(count(shares, a, 500, 0)).toBe(200);
    expect(count(shares, a, 500, 3_000)).toBe(6);
    expect(count(shares, a, 500, 3_000 + 3_600_000)).toBe(200);
  });

  it('come back in parts, however often they are requested', () => {
    const shares = create(2);
    count(shares, a, 200, 0);
    const taken = Array.from({ length: 100 }, (_, tenth) => count(shares, a, 1, (tenth + 1) * 100));
    expect(taken.reduce((sum, one) => sum + one, 0)).toBe(20);
  });

  it('are counted for each account', () => {
    const shares = create(1);
    expect(count(shares, a, 1_000, 0)).toBe(100);
    expect(count(shares, { connectionId: 'b' }, 50, 0)).toBe(50);
  });

  it('are five times as many for failures, which also end', () => {
    const shares = create(1);
    expect(count(shares, failed, 1_000, 0)).toBe(500);
    expect(count(shares, a, 1_000, 0)).toBe(100);
    expect(count(shares, failed, 1_000, 2_000)).toBe(10);
    expect(shares.take({ ...failed, bytes: 1 }, 2_000)).toBe('failures');
  });

  it('are not limited at 0', () => {
    const shares = create(0);
    expect(count(shares, a, 5_000, 0)).toBe(5_000);
    expect(count(shares, failed, 5_000, 0)).toBe(5_000);
  });
});

describe('the rows of requests without a connection', () => {
  it('have one share together, by size, also if accounts have any number', () => {
    const shares = create(0);
    expect(count(shares, {}, 5_000, 0)).toBe(1_073);
    expect(shares.take({ outcome: 'refused', bytes: 2_000 }, 0)).toBe('strangers');
    expect(count(shares, a, 10, 0)).toBe(10);
    expect(count(create(0), { bytes: 20_000 }, 5_000, 0)).toBe(107);
    expect(count(create(0), { bytes: 1 }, 5_000, 0)).toBe(1_431);
  });

  it('fill a tenth of the journal in its days', () => {
    const shares = create(1);
    let bytes = 0;
    for (let hour = 0; hour < 7 * 24; hour++) bytes += 2_000 * count(shares, {}, 5_000, hour * 3_600_000);
    expect(bytes / 1024 / 1024).toBeGreaterThan(195);
    expect(bytes / 1024 / 1024).toBeLessThan(210);
  });

  it('have room for some even in the smallest journal', () => {
    expect(count(new JournalShares({ ...LIMITS, JOURNAL_MAX_MB: 16, JOURNAL_DAYS: 365 }), {}, 100, 0)).toBe(50);
  });
});
