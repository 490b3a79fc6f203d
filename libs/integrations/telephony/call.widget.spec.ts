import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '#connections';
import type { Clock, Database } from '#platform';
import type { EmbedRequest } from '#widgets';
import { CallWidget } from './call.widget.js';
import type { Extensions } from './extensions.js';
import type { RecordLinks } from './record-links.js';
import type { CallEntity } from './telephony.entity.js';

const connection = { id: 'c', account: { timeZone: 'Europe/Madrid' } } as Connection;
let calls: CallEntity[];
let where: object | undefined;

const repository = {
  find: (asked: { where: object }) => {
    where = asked.where;
    return Promise.resolve(calls);
  },
};
const widget = new CallWidget(
  { dataSource: { getRepository: () => repository } } as unknown as Database,
  { getCountry: () => 'ES' } as unknown as Extensions,
  { signUrl: (_of: Connection, { record }: CallEntity) => record ?? undefined } as unknown as RecordLinks,
  { now: () => new Date('2026-12-01T14:00:00Z') } as Clock,
);

const call = (hour: number, change: Partial<CallEntity> = {}): CallEntity =>
  ({
    ...{ direction: 'in', code: '101', userId: null, outcome: 'answered', record: null },
    startedAt: new Date(Date.UTC(2026, 11, 1, hour)),
    answeredAt: new Date(Date.UTC(2026, 11, 1, hour, 0, 5)),
    endedAt: new Date(Date.UTC(2026, 11, 1, hour, 2, 10)),
    ...change,
  }) as CallEntity;
const missed = (hour: number, change: Partial<CallEntity> = {}): CallEntity =>
  call(hour, { answeredAt: null, outcome: 'no-answer', ...change });
const request: EmbedRequest = { version: 1, target: 'customer/card:phone', phone: '612 345 678' };

beforeEach(() => {
  calls = [];
});

describe('calls next to a phone', () => {
  it('have this number in its stored form, and belong to the connection', async () => {
    expect(await widget.badge(connection, request, 'en')).toBeNull();
    expect(where).toEqual({ connectionId: 'c', phone: '+34612345678' });
    where = undefined;
    expect(await widget.badge(connection, { version: 1 }, 'en')).toBeNull();
    expect(where).toBeUndefined();
    await widget.badge(connection, { version: 1, order: { id: 7, phone: '+34612345678' } }, 'en');
    expect(where).toEqual({ connectionId: 'c', phone: '+34612345678' });
  });

  it.each<[string, CallEntity[], string, object]>([
    ['the last call', [call(12), missed(11)], 'en', { text: 'Incoming 13:00', tone: 'plain' }],
    ['a call of the shop', [call(12, { direction: 'out' })], 'es', { text: 'Saliente 13:00', tone: 'plain' }],
    ['a missed call in red', [missed(12), call(11)], 'ru', { text: 'Пропущен 13:00', tone: 'bad' }],
    ['that the shop called back', [missed(12, { direction: 'out' }), missed(11)], 'en', { text: 'Outgoing 13:00', tone: 'plain' }],
    ['a call in progress', [missed(12, { endedAt: null })], 'en', { text: 'Incoming 13:00', tone: 'plain' }],
  ])('show %s', async (_title, found, language, badge) => {
    calls = found;
    expect(await widget.badge(connection, request, language)).toEqual(badge);
  });

  it('open with every call, and a recording only if the CRM has it', async () => {
    calls = [missed(12), call(11, { record: 'https://m/1.mp3' }), call(10, { record: 'https://m/2.mp3', code: null })];
    const view = await widget.view(connection, request, 'en');
    expect(view.alerts).toEqual([expect.objectContaining({ tone: 'bad', text: expect.stringContaining('13:00') })]);
    expect(view.title).toBe('Calls: +34612345678');
    expect(view.sections[0]?.rows).toEqual([
      { label: '13:00', text: 'incoming, missed, extension 101', tone: 'warning' },
      { label: '12:00', text: 'incoming, answered, 2:05, extension 101, recording', tone: 'plain', href: 'https://m/1.mp3' },
      { label: '11:00', text: 'incoming, answered, 2:05', tone: 'plain' },
    ]);
  });
});
