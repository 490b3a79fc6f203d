import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IsString } from 'class-validator';
import { type Clock, Database, type Environment, SecretBox, sha256Hex } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { type Connection, findView } from './connection.js';
import { ConnectionEntity } from './connection.entity.js';
import { ConnectionSecrets } from './connection-secrets.js';
import { SettingsStore } from './settings/settings-store.js';
import { SettingsCompilation } from './store/compiled-settings.js';
import { ConnectionMemory } from './store/connection-memory.js';
import { ConnectionStore } from './store/connection-store.js';
import { SealedValues } from './store/sealed-values.js';
import { connectionsSchema } from './connections.module.js';
import { HealthStore } from './health/index.js';
import { type HostedModule, HostedModules } from './hosted-modules.js';
import { HAS_SETTINGS, HOSTED, listHosted } from './provider-state.js';
import { RejectedCalls } from './health/rejected-calls.js';

const ID = '01900000-0000-7000-8000-000000000001';
/** Statements of the previous version. */
const STATEMENTS = {
  read: {
    name: 'connection-of-client-2',
    text: `SELECT id, version, rejected_calls AS "rejectedCalls", settings_sealed AS "settingsSealed"
      FROM connection WHERE client_id_hash = $1 AND module_code = $2`,
  },
  insert: {
    name: 'insert',
    text: `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account, settings_sealed, rejected_calls)
      VALUES ($1, 'acme', $2, $3, '', '', '{}', $4, $5)`,
  },
};

class Settings {
  @IsString() note = 'default';
}

/** Hosts the module `acme` with these providers: `code/integration`. */
function host(...names: string[]): HostedModules {
  const providers: HostedModule[] = [];
  for (const [code, integration] of names.map((one) => one.split('/')))
    providers.push({
      ...{ code: 'acme', integration, providers },
      manifest: { code, settings: Settings, createDefaultSettings: () => new Settings() },
    } as unknown as HostedModule);
  return new HostedModules(new Map(providers.slice(0, 1).map((part) => ['acme', part])));
}

const ENVIRONMENT = { CONNECTION_CACHE_MB: 8 } as Environment;

describe('a module that becomes combined', () => {
  const secrets = new ConnectionSecrets(new SecretBox(randomBytes(32).toString('base64')));
  const clock = { now: () => new Date() } as Clock;
  let spec: SpecDatabase;
  let database: Database;
  const memory = new ConnectionMemory(ENVIRONMENT);
  const values = new SealedValues(secrets, ENVIRONMENT);
  const createStore = (...providers: string[]): ConnectionStore =>
    new ConnectionStore(
      database,
      host(...providers),
      new ConnectionMemory(ENVIRONMENT),
      values,
      new SettingsCompilation(database, secrets),
    );
  const createSettings = (store: ConnectionStore): SettingsStore =>
    new SettingsStore(store, secrets, values, new SettingsCompilation(database, secrets));
  const find = async (store: ConnectionStore, integration: string): Promise<Connection> => {
    const whole = await store.findByClientId('acme', 'a');
    const found = whole && findView(whole, integration);
    if (!found) throw new Error(`there is no connection with ${integration}`);
    return found;
  };
  const keep = async (store: ConnectionStore, integration: string, note: string): Promise<void> => {
    const connection = await find(store, integration);
    await database.transaction((tx) => createSettings(store).keepSettings(connection, { note }, tx));
  };
  const listConfigured = async (...providers: string[]): Promise<string[]> => {
    const hosted = host(...providers).listByProvider();
    const rows = await database.query<{ provider: string }>(
      `SELECT hosted.provider FROM connection JOIN ${HOSTED} USING (module_code) WHERE id = $4 AND ${HAS_SETTINGS} ORDER BY 1`,
      [...listHosted(hosted), ID],
    );
    return rows.map(({ provider }) => provider);
  };

  beforeAll(async () => {
    spec = await createSpecDatabase([connectionsSchema]);
    database = new Database(spec.source);
    const sealed = secrets.seal(ID, 'settings', JSON.stringify({ note: 'of before' }));
    await database.run(STATEMENTS.insert, [ID, 'https://a.example', sha256Hex('a'), sealed, ['save']]);
    const problems = { 'credentials-refused': { since: new Date(), reason: 'no' } };
    await database.query('UPDATE connection SET problems = $2 WHERE id = $1', [ID, problems]);
  }, 60_000);
  afterAll(() => spec?.remove());

  it('leaves a module of one provider as the version before reads it', async () => {
    const store = createStore('carrier/delivery');
    expect((await find(store, 'delivery')).settings).toEqual({ note: 'of before' });
    await keep(store, 'delivery', 'changed');
    const [row] = await database.run<{ settingsSealed: string; rejectedCalls: string[] }>(STATEMENTS.read, [sha256Hex('a'), 'acme']);
    expect(secrets.open({ id: ID, settingsSealed: row?.settingsSealed ?? '' }, 'settings')).toBe('{"note":"changed"}');
    expect(row?.rejectedCalls).toEqual(['save']);
    expect(await listConfigured('carrier/delivery')).toEqual(['carrier']);
  });

  it('keeps what was stored as that of the first provider, and the others have their defaults', async () => {
    const store = createStore('carrier/delivery', 'depot/store');
    const [carrier, depot] = [await find(store, 'delivery'), await find(store, 'store')];
    expect([carrier.settings, carrier.rejectedCalls]).toEqual([{ note: 'changed' }, ['save']]);
    expect([depot.settings, depot.rejectedCalls]).toEqual([{ note: 'default' }, []]);
    expect(await listConfigured('carrier/delivery', 'depot/store')).toEqual(['carrier']);
    expect((await store.findById(ID, 'store'))?.module.manifest.code).toBe('depot');
    expect((await store.findById(ID))?.module.manifest.code).toBe('carrier');
    expect(await store.findById(ID, 'telephony')).toBeUndefined();
  });

  it('keeps the settings of each, and its settings object when the settings of another change', async () => {
    const store = createStore('carrier/delivery', 'depot/store');
    // A connection stays in memory only from its second read.
    await find(store, 'store');
    const before = await find(store, 'delivery');
    await keep(store, 'store', 'of the depot');
    const after = await find(store, 'delivery');
    expect([after.version, after.settings]).toEqual([before.version + 1, { note: 'changed' }]);
    expect(after.settings).toBe(before.settings);
    expect((await find(store, 'store')).settings).toEqual({ note: 'of the depot' });
    expect(await listConfigured('carrier/delivery', 'depot/store')).toEqual(['carrier', 'depot']);
    const { byProvider } = await database.dataSource.getRepository(ConnectionEntity).findOneByOrFail({ id: ID });
    expect(JSON.stringify(byProvider)).not.toContain('of the depot');
  });

  it('notes rejected calls for each separately, and forgets them separately', async () => {
    const store = createStore('carrier/delivery', 'depot/store');
    const refused = new RejectedCalls(database, createSettings(store), new HealthStore(database, memory), clock);
    const depot = await find(store, 'store');
    const add = (call: string): Promise<boolean> =>
      database.transaction(async (tx) => {
        const isToBeTold = await refused.add(tx, depot, { call, reason: 'no' }, 24);
        if (isToBeTold) await refused.markTold(tx, depot);
        return isToBeTold;
      });
    // A notice about another provider does not prevent this one.
    expect([await add('readStocks'), await add('readStocks'), await add('reserve')]).toEqual([true, false, false]);
    expect((await find(store, 'store')).rejectedCalls).toEqual(['readStocks', 'reserve']);
    expect((await find(store, 'delivery')).rejectedCalls).toEqual(['save']);
    await refused.remove(depot, 'reserve');
    expect((await find(store, 'store')).problems).toMatchObject({ 'credentials-refused:depot': { reason: 'no' } });
    await database.transaction((tx) => refused.clear(tx, depot));
    // Problems that the previous version stored for the first provider stay.
    expect(Object.keys((await find(store, 'store')).problems)).toEqual(['credentials-refused']);
    expect((await find(store, 'store')).rejectedCalls).toEqual([]);
    expect((await find(store, 'delivery')).rejectedCalls).toEqual(['save']);
  });

  it('has its own settings still in another order, without the other, or with a third', async () => {
    for (const providers of [['depot/store', 'carrier/delivery'], ['pbx/telephony', 'depot/store', 'carrier/delivery'], ['depot/store']])
      expect((await find(createStore(...providers), 'store')).settings).toEqual({ note: 'of the depot' });
    expect((await find(createStore('pbx/telephony', 'carrier/delivery'), 'telephony')).settings).toEqual({ note: 'default' });
    await keep(createStore('depot/store'), 'store', 'alone');
    const together = createStore('carrier/delivery', 'depot/store');
    expect((await find(together, 'store')).settings).toEqual({ note: 'alone' });
    expect((await find(together, 'delivery')).settings).toEqual({ note: 'changed' });
  });
});
