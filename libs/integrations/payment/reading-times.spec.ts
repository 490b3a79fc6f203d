import { describe, expect, it } from '@jest/globals';
import { computeNextReading, type Reading } from './reading-times.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;

function secondsTo(changes: Partial<Reading>, ageMs: number): number | null {
  const reading = {
    status: 'pending',
    activeAt: new Date(NOW.getTime() - ageMs),
    expiresAt: null,
    refundPending: false,
    disputed: false,
    receiptPending: false,
    lacksEvents: false,
    ...changes,
  } satisfies Reading;
  const next = computeNextReading(reading, NOW);
  return next && (next.getTime() - NOW.getTime()) / 1000;
}

describe('nextReadingAt', () => {
  it('asks soon after something happened and ever less often', () => {
    expect(secondsTo({}, 0)).toBe(30);
    expect(secondsTo({}, HOUR)).toBe(360);
    expect(secondsTo({}, 24 * HOUR)).toBe(8640);
    expect(secondsTo({}, 240 * HOUR)).toBe(6 * 3600);
    expect(secondsTo({}, 61 * 24 * HOUR)).toBeNull();
  });

  it('asks every minute in the first hour of a gateway without events', () => {
    expect(secondsTo({ lacksEvents: true }, 0)).toBe(30);
    for (const minutes of [10, 20, 40, 60]) expect(secondsTo({ lacksEvents: true }, minutes * 60_000)).toBe(60);
    expect(secondsTo({ lacksEvents: true }, 2 * HOUR)).toBe(720);
    expect(secondsTo({ lacksEvents: true, status: 'succeeded' }, 0)).toBe(3600);
  });

  it('asks when a hold ends, and goes on while it is held', () => {
    expect(secondsTo({ status: 'waitingForCapture', expiresAt: new Date(NOW.getTime() + 10_000) }, 240 * HOUR)).toBe(15);
    expect(secondsTo({ status: 'waitingForCapture', expiresAt: new Date(NOW.getTime() - 60_000) }, 0)).toBe(30);
    expect(secondsTo({ status: 'waitingForCapture' }, 100 * 24 * HOUR)).toBe(6 * 3600);
  });

  it('checks now and then for refunds made elsewhere, and often for a refund in progress', () => {
    expect(secondsTo({ status: 'succeeded' }, 0)).toBe(3600);
    expect(secondsTo({ status: 'succeeded' }, 100 * HOUR)).toBe(24 * 3600);
    expect(secondsTo({ status: 'succeeded', refundPending: true }, 0)).toBe(30);
    expect(secondsTo({ status: 'canceled' }, 0)).toBeNull();
    // Money may still arrive.
    expect(secondsTo({ status: 'canceled', expiresAt: new Date(NOW.getTime() + HOUR) }, HOUR)).toBe(360);
    expect(secondsTo({ status: 'canceled', expiresAt: new Date(NOW.getTime() - HOUR) }, HOUR)).toBeNull();
    expect(secondsTo({ status: 'refundSucceeded' }, 0)).toBeNull();
    expect(secondsTo({ status: 'refundSucceeded', receiptPending: true }, 0)).toBe(3600);
    // A bank takes months to decide.
    expect(secondsTo({ status: 'succeeded', disputed: true }, 100 * 24 * HOUR)).toBe(24 * 3600);
  });
});
