import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database, type Environment, SecretBox, sha256Hex } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import type { Connection } from '../connection.js';
import { ConnectionSecrets } from '../connection-secrets.js';
import { SettingsStore } from './settings-store.js';
import { SettingsCompilation } from '../store/compiled-settings.js';
import { ConnectionMemory } from '../store/connection-memory.js';
import { ConnectionStore } from '../store/connection-store.js';
import { SealedValues } from '../store/sealed-values.js';
import { connectionsSchema } from '../connections.module.js';
import { type HostedModule, HostedModules } from '../hosted-modules.js';

const ENVIRONMENT = { CONNECTION_CACHE_MB: 8 } as Environment;
const ID = '01900000-0000-7000-8000-000000000001';
/** Statements of the previous version. */
const STATEMENTS = {
  read: {
    name: 'connection-of-client-1',
    text: `SELECT id, module_code AS "moduleCode", system_url AS "systemUrl", active, frozen, account, version,
        rejected_calls AS "rejectedCalls", settings_sealed AS "settingsSealed"
      FROM connection WHERE client_id_hash = $1 AND module_code = $2`,
  },
  insert: {
    name: 'insert',
    text: `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account)
      VALUES ($1, 'pay', $2, $3, '', '', '{}')`,
  },
};

const host = (provider: string): HostedModules => {
  const manifest = { code: provider, createDefaultSettings: () => ({}) } as unknown as HostedModule['manifest'];
  const module = { code: 'pay', manifest } as HostedModule;
  return new HostedModules(new Map([['pay', Object.assign(module, { providers: [module] })]]));
};

describe('what a provider remembers of a connection', () => {
  const secrets = new ConnectionSecrets(new SecretBox(randomBytes(32).toString('base64')));
  const values = new SealedValues(secrets, ENVIRONMENT);
  let spec: SpecDatabase;
  let database: Database;
  const createStore = (provider = 'stripe'): ConnectionStore =>
    new ConnectionStore(database, host(provider), new ConnectionMemory(ENVIRONMENT), values, new SettingsCompilation(database, secrets));
  const find = async (store: ConnectionStore): Promise<Connection> => {
    const found = await store.findByClientId('pay', 'a');
    if (!found) throw new Error('the connection is not there');
    return found;
  };
  /** `meanwhile` is called before the memory is committed. */
  const keep = async (store: ConnectionStore, memory: Connection['memory'], meanwhile?: () => Promise<unknown>): Promise<void> => {
    const connection = await find(store);
    const settings = new SettingsStore(store, secrets, values, new SettingsCompilation(database, secrets));
    await database.transaction(async (tx) => {
      await settings.keepMemory(connection, memory, tx);
      await meanwhile?.();
    });
  };

  beforeAll(async () => {
    spec = await createSpecDatabase([connectionsSchema]);
    database = new Database(spec.source);
    await database.run(STATEMENTS.insert, [ID, 'https://a.example', sha256Hex('a')]);
    await database.run(STATEMENTS.read, [sha256Hex('a'), 'pay']);
  }, 60_000);
  afterAll(() => spec?.remove());

  it('is nothing for a connection of the version before, whose statements go on', async () => {
    expect((await find(createStore())).memory).toEqual({});
    expect(await database.run(STATEMENTS.read, [sha256Hex('a'), 'pay'])).toMatchObject([{ id: ID, version: 1 }]);
    await database.run(STATEMENTS.insert, ['01900000-0000-7000-8000-000000000002', 'https://b.example', sha256Hex('b')]);
    expect((await createStore().findByClientId('pay', 'b'))?.memory).toEqual({});
  });

  it('is stored sealed, and read by every process that sees the new version', async () => {
    const [writer, reader] = [createStore(), createStore()];
    const before = await find(reader);
    await keep(writer, { endpoint: 'we_1', secret: 'whsec_memory' });
    const [row] = await database.query<{ sealed: string; version: number }>(
      'SELECT service_memory_sealed AS sealed, version FROM connection WHERE id = $1',
      [ID],
    );
    expect(row?.version).toBe(before.version + 1);
    expect(row?.sealed).toMatch(/^v1\./);
    expect(row?.sealed).not.toContain('whsec_memory');
    for (const store of [writer, reader]) expect((await find(store)).memory).toEqual({ endpoint: 'we_1', secret: 'whsec_memory' });
    expect((await createStore().findById(ID))?.memory).toEqual({ endpoint: 'we_1', secret: 'whsec_memory' });
    expect((await createStore().findMany([ID])).get(ID)?.memory).toEqual({ endpoint: 'we_1', secret: 'whsec_memory' });
  });

  it('is kept separately for each provider of the module, and replaced by the next memory of the same one', async () => {
    await keep(createStore('testpay'), { number: '7' });
    expect((await find(createStore('testpay'))).memory).toEqual({ number: '7' });
    expect((await find(createStore())).memory).toEqual({ endpoint: 'we_1', secret: 'whsec_memory' });
    await keep(createStore(), { endpoint: 'we_2' });
    expect((await find(createStore())).memory).toEqual({ endpoint: 'we_2' });
    expect((await find(createStore('testpay'))).memory).toEqual({ number: '7' });
  });

  it('is kept for two providers that store it at the same time', async () => {
    let other: Promise<void> | undefined;
    const isWaiting = async (): Promise<boolean> => {
      const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      return (await database.query(waiting)).length > 0;
    };
    await keep(createStore(), { endpoint: 'we_3' }, async () => {
      other = keep(createStore('testpay'), { number: '8' });
      while (!(await isWaiting())) await sleep(10);
    });
    await other;
    expect((await find(createStore())).memory).toEqual({ endpoint: 'we_3' });
    expect((await find(createStore('testpay'))).memory).toEqual({ number: '8' });
  });
});
