import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { AuthenticationError, LimitError, ServerError } from '#crm-client';
import { type Failures, GIVE_UP_S, holdAfter, restAfter } from './pauses.js';

const CALL = { verb: 'POST', path: '/spec', status: 500 };
const away = new ServerError('away', CALL);
const MINUTE = 60_000;
const failures = (of: Partial<Failures> = {}): Failures => ({ failures: 0, sinceLastS: 0, triedS: 0, ...of });
const chance = fc.double({ min: 0, max: 1, noNaN: true });

describe('a lane', () => {
  it.each([
    [0, 1_000],
    [1, 2_000],
    [5, 32_000],
    [9, 512_000],
    [10, 10 * MINUTE],
    [500, 10 * MINUTE],
  ])('that failed %s times before rests for %s ms', (before, pauseMs) => {
    expect(restAfter(away, failures({ failures: before }), 0.5).pauseMs).toBe(pauseMs);
  });

  it('rests a quarter less or more, by chance, and never less after more failures', () => {
    fc.assert(
      fc.property(fc.nat(2_000), chance, (before, by) => {
        const { pauseMs } = restAfter(away, failures({ failures: before }), by);
        const middle = restAfter(away, failures({ failures: before }), 0.5).pauseMs;
        expect(pauseMs).toBeGreaterThanOrEqual(0.75 * middle);
        expect(pauseMs).toBeLessThanOrEqual(1.25 * middle);
        expect(restAfter(away, failures({ failures: before + 1 }), by).pauseMs).toBeGreaterThanOrEqual(pauseMs);
      }),
    );
  });

  it('rests at least as long as the CRM asks for, and no longer because it asks for less', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(60 * MINUTE), chance, (before, asked, by) => {
        const own = restAfter(away, failures({ failures: before }), by).pauseMs;
        const { pauseMs } = restAfter(new LimitError('slowly', CALL, asked), failures({ failures: before }), by);
        expect(pauseMs).toBe(Math.max(own, asked));
      }),
    );
  });

  it.each([
    [0, MINUTE],
    [3, 8 * MINUTE],
    [5, 30 * MINUTE],
    [500, 30 * MINUTE],
  ])('whose key was refused after %s other failures rests for %s ms', (before, pauseMs) => {
    expect(restAfter(new AuthenticationError('no', CALL), failures({ failures: before }), 0.5).pauseMs).toBe(pauseMs);
  });

  it.each([
    ['at the first failure, however long it was not tried', { sinceLastS: 0, triedS: 0 }, false],
    ['shortly before three days', { sinceLastS: 599, triedS: GIVE_UP_S - 600 }, false],
    ['after three days of trying', { sinceLastS: 600, triedS: GIVE_UP_S - 600 }, true],
    ['for a week in which nobody tried: it counts as 40 minutes', { sinceLastS: 7 * 86_400, triedS: GIVE_UP_S - 2_401 }, false],
  ])('is given up %s', (_what, known, givesUp) => {
    expect(restAfter(away, failures({ failures: 3, ...known })).givesUp).toBe(givesUp);
  });

  it('is tried at least 72 hours, in steps of 40 minutes at most, before it is given up', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(86_400), { minLength: 1, maxLength: 300 }), (gaps) => {
        let triedS = 0;
        for (const [before, sinceLastS] of gaps.entries()) {
          const rest = restAfter(away, { failures: before, sinceLastS, triedS });
          expect(rest.triedS - triedS).toBe(Math.min(sinceLastS, 2_400));
          expect(rest.givesUp).toBe(rest.triedS >= 72 * 3600);
          triedS = rest.triedS;
        }
      }),
    );
  });
});

describe('a refused row', () => {
  it.each([
    [0, 1],
    [1, 2],
    [7, 128],
    [8, 150],
    [5_000, 150],
  ])('that was refused %s times before is held for %s s', (before, seconds) => {
    expect(holdAfter(before)).toBe(seconds);
  });
});
