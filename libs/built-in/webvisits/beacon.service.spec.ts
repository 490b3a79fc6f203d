import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection, ConnectionStore } from '#connections';
import type { Clock } from '#platform';
import type { BeaconDto } from './beacon.dto.js';
import { BeaconService } from './beacon.service.js';
import type { VisitsStore } from './visits-store.js';

const SITE = 'https://shop.example';
const page = { type: 'page', visitor: 'v-1', consent: true, url: `${SITE}/a?b=c`, title: ' A ' } as BeaconDto;

/** Calls of the store, by name. */
let stored: string[];
let connection: Connection;
let service: BeaconService;

beforeEach(() => {
  stored = [];
  const settings = { sites: [SITE], keepQuery: false, visitMinutes: 30, countryHeader: '', cityHeader: '' };
  connection = { id: 'c-1', active: true, settings, account: { language: 'en' } } as unknown as Connection;
  const note = (name: string) => () => Promise.resolve(stored.push(name) > 0);
  service = new BeaconService(
    {} as ConnectionStore,
    { keepPage: note('page'), keepPresence: note('presence'), erase: note('erase'), link: note('link') } as unknown as VisitsStore,
    { now: () => new Date() } as Clock,
  );
});

const take = (beacon: Partial<Record<keyof BeaconDto, unknown>>, headers: object = {}): Promise<void> =>
  service.take(connection, { ...page, ...beacon } as BeaconDto, { headers, ip: '203.0.113.7', socket: {} } as never);

describe('a beacon', () => {
  it('is kept with consent', async () => {
    await take({});
    expect(stored).toEqual(['page']);
  });

  it.each([['dnt'], ['sec-gpc']])('of a browser that sends %s is not kept', async (header) => {
    await take({}, { [header]: '1' });
    await take({ type: 'leave' }, { [header]: '1' });
    expect(stored).toEqual([]);
  });

  it('is rejected without consent, but still erases, also if the browser or the shop refused', async () => {
    await expect(take({ consent: false })).rejects.toMatchObject({ errors: { consent: expect.any(String) } });
    connection = { ...connection, active: false };
    await expect(take({})).rejects.toMatchObject({ status: 403 });
    await take({ type: 'erase', consent: false }, { 'sec-gpc': '1' });
    expect(stored).toEqual(['erase']);
  });
});
