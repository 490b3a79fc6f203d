import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection, ConnectionStore, CrmClients } from '#connections';
import type { Providers } from '#integration-kit';
import { type Clock, type Database, type Environment, SecretBox } from '#platform';
import type { TelephonyProvider } from './port/index.js';
import { RecordLinks } from './record-links.js';
import type { CallEntity } from './telephony.entity.js';

const DAY_MS = 86_400_000;
const FILE = { type: 'audio/mpeg', name: 'a.mp3', size: 1 };

let now: number;
let connection: Connection;
let call: CallEntity;
let links: RecordLinks;

beforeEach(() => {
  now = Date.parse('2026-11-30T12:00:00Z');
  const account = { language: 'en' };
  connection = { id: randomUUID(), active: true, module: { code: 'pbx' }, settings: {}, account } as unknown as Connection;
  call = { id: randomUUID(), connectionId: connection.id, record: 'a.mp3', fileId: null } as CallEntity;
  const providers = {
    getManifest: () => ({ readRecordDays: () => 3 }),
    has: () => true,
    call: () => Promise.resolve(FILE),
  } as unknown as Providers<TelephonyProvider>;
  const rows = { findOneBy: ({ id }: { id: string }) => Promise.resolve(id === call.id ? call : null) };
  links = new RecordLinks(
    providers,
    { findById: (id: string) => Promise.resolve(id === connection.id ? connection : undefined) } as unknown as ConnectionStore,
    {} as CrmClients,
    { dataSource: { getRepository: () => rows } } as unknown as Database,
    { publicUrl: 'https://modules.example' } as Environment,
    new SecretBox(Buffer.alloc(32, 7).toString('base64')),
    { now: () => new Date(now) } as Clock,
  );
});

/** Builds an address and splits it into the parts of its route. */
const build = async (): Promise<[module: string, token: string, name: string]> => {
  const url = new URL((await links.buildUrl(connection, call)) ?? '');
  const [, module = '', token = '', name = ''] = /^\/([^/]+)\/.*\/([^/]+)\/([^/]+)$/.exec(url.pathname) ?? [];
  return [module, token, name];
};

describe('the address of a recording', () => {
  it('opens it for the days of the settings, and not a moment longer', async () => {
    const address = await build();
    now += 3 * DAY_MS;
    expect(await links.open(...address)).toEqual(FILE);
    now += 1;
    await expect(links.open(...address)).rejects.toMatchObject({ status: 403 });
  });

  it('opens nothing for a shop that left, another module, another name, or with a changed token', async () => {
    const [module, token, name] = await build();
    await expect(links.open('other', token, name)).rejects.toMatchObject({ status: 404 });
    await expect(links.open(module, token, 'b.mp3')).rejects.toMatchObject({ status: 404 });
    await expect(links.open(module, `${token}A`, name)).rejects.toMatchObject({ status: 403 });
    connection = { ...connection, active: false };
    await expect(links.open(module, token, name)).rejects.toMatchObject({ status: 403 });
  });
});
