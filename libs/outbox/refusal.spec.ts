import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { BLAMED_AFTER, judge, partsOf, type Refusal } from './refusal.js';

const alone: Refusal = { rows: 1, passing: false, refusals: 0, seconds: 0, passedSince: false, others: 0 };
const refusals = fc.record<Refusal>({
  rows: fc.integer({ min: 1, max: 300 }),
  passing: fc.boolean(),
  refusals: fc.nat(20),
  seconds: fc.nat(2000),
  passedSince: fc.boolean(),
  others: fc.nat(10),
});
const batches = fc.array(fc.record({ id: fc.uuid(), subject: fc.constantFrom('a', 'b', 'c', 'd', 'e') }), { minLength: 2, maxLength: 40 });

describe('what follows from a refusal', () => {
  it.each([
    ['a batch of which nothing has passed yet', { rows: 100 }, 'probe'],
    ['a batch of which something passes', { rows: 100, passing: true }, 'halve'],
    ['a row for the first time', {}, 'wait'],
    ['a row for the first time, others of its batch passing', { passing: true, passedSince: true }, 'wait'],
    ['a second row, with nothing passed since the first', { others: 1 }, 'pause'],
    ['a second row of a batch of which something passes', { passing: true, others: 1 }, 'wait'],
    ['many rows in succession, though something passed before', { passing: true, others: 4 }, 'pause'],
    ['a row that was refused before, and another call has passed since', { refusals: 1, passedSince: true }, 'set-aside'],
    ['a row for the fifth time after ten minutes', { refusals: 4, seconds: 600 }, 'set-aside'],
    ['a row for the fourth time after an hour', { refusals: 3, seconds: 3600 }, 'wait'],
    ['a row for the ninth time within ten minutes', { refusals: 8, seconds: 599 }, 'wait'],
  ] as const)('%s', (_what, known, verdict) => {
    expect(judge({ ...alone, ...known })).toBe(verdict);
  });

  it('never blames a row at its first refusal, nor without a call passed or the time over, nor several rows', () => {
    fc.assert(
      fc.property(refusals, (refusal) => {
        if (judge(refusal) !== 'set-aside') return;
        expect(refusal.rows).toBe(1);
        expect(refusal.refusals).toBeGreaterThan(0);
        if (!refusal.passedSince) {
          expect(refusal.refusals + 1).toBeGreaterThanOrEqual(BLAMED_AFTER.refusals);
          expect(refusal.seconds).toBeGreaterThanOrEqual(BLAMED_AFTER.seconds);
        }
      }),
    );
  });

  it('rests only when rows about two things were refused: one poisoned row stops nobody', () => {
    fc.assert(fc.property(refusals, (refusal) => judge({ ...refusal, others: 0 }) !== 'pause'));
  });
});

describe('parts of a refused batch', () => {
  it.each(['probe', 'halve'] as const)('of a %s hold every row once, are smaller, and keep the order of each subject', (verdict) => {
    fc.assert(
      fc.property(batches, (batch) => {
        const parts = partsOf(batch, verdict);
        const of = (rows: typeof batch, subject: string): typeof batch => rows.filter((row) => row.subject === subject);
        expect(parts.flat()).toHaveLength(batch.length);
        for (const part of parts) {
          expect(part.length).toBeGreaterThan(0);
          expect(part.length).toBeLessThan(batch.length);
        }
        for (const { subject } of batch) expect(of(parts.flat(), subject)).toEqual(of(batch, subject));
        if (verdict === 'probe') expect(parts[0]).toEqual([batch[0]]);
      }),
    );
  });
});
