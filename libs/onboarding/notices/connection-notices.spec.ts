import { describe, expect, it } from '@jest/globals';
import { listHealthNotices } from './connection-notices.js';

describe('a notice of a problem', () => {
  it("dates it in the account's time zone, as the language of the page does", () => {
    const since = new Date('2026-11-27T23:30:00Z');
    const row = {
      ...{ active: true, frozen: false, frozenByOperatorAt: null, disconnectedAt: null, shadow: false },
      ...{ registeredAt: since, registrationError: null, attemptedHash: null, attemptedAt: null, createdAt: since, notSetUp: {} },
      ...{ problems: { 'crm-away': { since: since.toISOString(), reason: '' } }, health: 'crm-away', healthSince: since },
      account: { timeZone: 'Europe/Moscow' },
    };
    const [notice] = listHealthNotices(row as unknown as Parameters<typeof listHealthNotices>[0], []);
    expect(notice?.en).toContain('(Since Nov 28, 2026, 02:30.)');
    expect(notice?.es).toContain('(Desde 28 nov 2026, 2:30.)');
    expect(notice?.ru).toContain('(с 28 нояб. 2026 г., 02:30).');
  });
});
