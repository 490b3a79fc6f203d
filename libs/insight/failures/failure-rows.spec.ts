import { describe, expect, it } from '@jest/globals';
import { buildConditions, FAILURES } from './failure-rows.js';

describe('the conditions of failures', () => {
  it('are one for each criterion, with its value, from the given number on', () => {
    const { outbox } = FAILURES;
    const criteria = {
      ...{ ids: ['1'], group: 'g', kind: 'delivery.tracking', connection: 'c', module: 'courier', modules: ['cdek', 'courier'] },
      ...{ from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' },
    };
    const { sql, values } = buildConditions(outbox, criteria, 3);
    expect(values).toEqual(Object.values(criteria));
    const conditions = sql.split('AND ').slice(1);
    expect(conditions).toHaveLength(values.length);
    conditions.forEach((condition, index) => expect(condition).toContain(`$${index + 3}`));
    expect(conditions[4]).toContain('module_code = $7');
    expect(conditions[5]).toContain('module_code = ANY ($8)');
    // A period includes its start but not its end.
    expect(conditions.slice(6).map((one) => one.trim())).toEqual([
      `${outbox.failedAt} >= $9::timestamptz`,
      `${outbox.failedAt} < $10::timestamptz`,
    ]);
  });

  it('are empty without criteria', () => {
    expect(buildConditions(FAILURES.inbox, {}, 1)).toEqual({ sql: '', values: [] });
  });
});
