import { describe, expect, it } from '@jest/globals';
import { JournalShares } from './journal-shares.js';

function count(shares: JournalShares, account: string, tries: number, now: number): number {
  return Array.from({ length: tries }, () => shares.take(account, now)).filter(Boolean).length;
}

describe('what accounts may have written', () => {
  it('is a hundred seconds of the rate at once, then the rate', () => {
    const shares = new JournalShares(2);
    expect(count(shares, 'a', 500, 0)).toBe(200);
    expect(count(shares, 'a', 500, 3_000)).toBe(6);
    expect(count(shares, 'a', 500, 3_000 + 3_600_000)).toBe(200);
  });

  it('comes back in parts, however often it is asked for', () => {
    const shares = new JournalShares(2);
    count(shares, 'a', 200, 0);
    const taken = Array.from({ length: 100 }, (_, tenth) => count(shares, 'a', 1, (tenth + 1) * 100));
    expect(taken.reduce((sum, one) => sum + one, 0)).toBe(20);
  });

  it('is of each account', () => {
    const shares = new JournalShares(1);
    expect(count(shares, 'a', 1_000, 0)).toBe(100);
    expect(count(shares, 'b', 50, 0)).toBe(50);
  });

  it('has no end at 0', () => {
    expect(count(new JournalShares(0), 'a', 5_000, 0)).toBe(5_000);
  });
});
