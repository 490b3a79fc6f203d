import { describe, expect, it } from '@jest/globals';
import { listTimes, toCharts } from './activity.js';

const at = ['2026-11-27T08:00:00.000Z', '2026-11-27T08:15:00.000Z'] as const;
const none = { count: 0, rejected: 0, failed: 0 };
const report: Parameters<typeof toCharts>[0] = {
  slotMinutes: 15,
  source: 'counters',
  series: [
    { kind: 'webhook', total: none, points: at.map((time) => ({ at: time, ...none })) },
    {
      kind: 'callback',
      total: { count: 1200, rejected: 3, failed: 2, p50: 8, p95: 1500 },
      points: [
        { at: at[0], count: 1200, rejected: 3, failed: 2, p50: 8, p95: 1500 },
        { at: at[1], ...none },
      ],
    },
  ],
};

describe('the charts of the activity', () => {
  it('have a value for each time, and a gap where there is no latency', () => {
    expect(listTimes(report)).toEqual([1795766400, 1795767300]);
    const [calls, , errors, latency] = toCharts(report);
    expect(calls?.series.map(({ title, values }) => [title, values])).toEqual([
      ['CRM to us', [1200, 0]],
      ['Services to us', [0, 0]],
    ]);
    expect(errors?.series[0]?.values).toEqual([2, 0]);
    expect(latency?.series[0]?.values).toEqual([1500, null]);
  });

  it('say in words what they come to', () => {
    expect(toCharts(report).map(({ summary }) => summary)).toEqual([
      '1,200 callbacks, 0 webhooks',
      '0 to CRMs, 0 to services',
      '2 failed; 3 more were rejected',
      '95 of 100 are faster: CRM to us 1.5 s',
    ]);
    expect(toCharts({ ...report, series: [] }).at(-1)?.summary).toBe('95 of 100 are faster: nothing yet');
  });
});
