import { describe, expect, it } from '@jest/globals';
import { toVisitsReply, formatInstant } from './reply-mapper.js';

describe('the replies of the chat callbacks', () => {
  it('tell instants in the account’s zone with its offset', () => {
    expect(formatInstant(new Date('2026-11-24T16:20:38.999Z'), 'Europe/Moscow')).toBe('2026-11-24T19:20:38+03:00');
    expect(formatInstant(new Date('2026-07-01T00:00:00Z'), 'America/Mexico_City')).toBe('2026-06-30T18:00:00-06:00');
    expect(formatInstant(new Date('2026-07-01T00:00:00Z'), 'UTC')).toBe('2026-07-01T00:00:00+00:00');
  });

  it('leave out what is not known', () => {
    expect(toVisitsReply({ count: 0, device: {}, utm: {} }, 'UTC')).toEqual({ countVisits: 0 });
  });

  it('tell a duration that agrees with the dates', () => {
    const startedAt = new Date('2026-11-24T16:00:00.900Z');
    const endedAt = new Date('2026-11-24T16:01:00.100Z');
    expect(
      toVisitsReply(
        { count: 1, lastVisit: { source: 'direct', startedAt, endedAt, pages: [{ at: startedAt, url: 'https://shop.example/' }] } },
        'UTC',
      ),
    ).toEqual({
      lastVisit: {
        source: 'direct',
        createdAt: '2026-11-24T16:00:00+00:00',
        endedAt: '2026-11-24T16:01:00+00:00',
        duration: 60,
        pages: [{ dateTime: '2026-11-24T16:00:00+00:00', url: 'https://shop.example/' }],
      },
      countVisits: 1,
    });
  });
});
