import { describe, expect, it } from '@jest/globals';
import { judgeRun } from './recurring.js';

const last = { endedAt: '', ms: 1, outcome: 'ok' } as const;

describe('recurring work', () => {
  it.each([
    [{ lateSeconds: 59, last }, 'Done', 'good'],
    [{ lateSeconds: 180, last }, 'Late by 3 min', 'bad'],
    [{ lateSeconds: 0, last: { ...last, outcome: 'failed' } }, 'Failed', 'bad'],
    [{ lateSeconds: 0 }, 'Not written yet', 'plain'],
  ] as const)('%j is %s', (row, title, tone) => expect(judgeRun(row)).toEqual({ title, tone }));
});
