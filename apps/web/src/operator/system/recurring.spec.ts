import { describe, expect, it } from '@jest/globals';
import { findLastRun, judgeRun, sortRuns } from './recurring.js';

const last = { endedAt: '', ms: 1, outcome: 'ok' } as const;

describe('recurring work', () => {
  it.each([
    [{ lateSeconds: 59, last }, 'Done', 'good'],
    [{ lateSeconds: 180, last }, 'Late by 3 min', 'bad'],
    [{ lateSeconds: 0, last: { ...last, outcome: 'failed' } }, 'Failed', 'bad'],
    [{ lateSeconds: 0 }, 'Not run yet', 'plain'],
  ] as const)('%j is %s', (row, title, tone) => expect(judgeRun(row)).toEqual({ title, tone }));

  it('is listed by name, after late and failed work', () => {
    const run = { everySeconds: 1, lastAt: null, nextAt: null, lateSeconds: 0 };
    const runs = [
      { ...run, name: 'b', last },
      { ...run, name: 'c', lateSeconds: 90 },
      { ...run, name: 'a' },
    ];
    expect(sortRuns(runs).map(({ name }) => name)).toEqual(['c', 'a', 'b']);
  });

  it('ran last when it began, or ended where its beginning is still ahead', () => {
    const now = Date.parse('2026-11-27T08:00:00Z');
    const ended = { ...last, endedAt: '2026-11-27T07:00:00Z' };
    expect(findLastRun({ lastAt: '2026-11-27T07:59:00Z', last: ended }, now)).toBe('2026-11-27T07:59:00Z');
    expect(findLastRun({ lastAt: '2026-11-27T08:01:00Z', last: ended }, now)).toBe('2026-11-27T07:00:00Z');
    expect(findLastRun({ lastAt: null }, now)).toBeNull();
  });
});
