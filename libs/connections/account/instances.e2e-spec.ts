import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Clock, Database, type Environment, SecretBox, sha256Hex } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { ConnectionSecrets } from '../connection-secrets.js';
import { SettingsCompilation } from '../store/compiled-settings.js';
import { ConnectionMemory } from '../store/connection-memory.js';
import { ConnectionStore } from '../store/connection-store.js';
import { SealedValues } from '../store/sealed-values.js';
import { ActivationStore } from './activation-store.js';
import { InstanceStore } from './instance-store.js';
import type { ConnectionEntity } from '../connection.entity.js';
import { connectionsSchema } from '../connections.module.js';
import { type HostedModule, HostedModules } from '../hosted-modules.js';

const OLD = { id: '01900000-0000-7000-8000-000000000001', url: 'https://old.example' };
const INSERT = {
  name: 'insert',
  text: `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account)
    VALUES ($1, 'pay', $2, $3, '', $4, '{}')`,
};

const module = { code: 'pay', manifest: { code: 'pay', createDefaultSettings: () => ({}) } } as unknown as HostedModule;
Object.assign(module, { providers: [module] });
/** The database's error for a unique value that is taken. */
const TAKEN = { code: '23505' };

describe('instances of a module in an account', () => {
  const secrets = new ConnectionSecrets(new SecretBox(randomBytes(32).toString('base64')));
  const modules = new HostedModules(new Map([['pay', module]]));
  let spec: SpecDatabase;
  let database: Database;
  let store: ConnectionStore;
  let instances: InstanceStore;

  const connect = async (systemUrl: string, apiKey: string): Promise<string> =>
    (
      await database.transaction((tx) =>
        instances.connect(tx, module, { systemUrl, apiKey, scopes: ['some'], account: { language: 'es' } }),
      )
    ).id;
  const list = (systemUrl: string): Promise<ConnectionEntity[]> => instances.listInstances({ module, systemUrl });
  const add = async (systemUrl: string, name: string): Promise<string> => {
    const [present] = await list(systemUrl);
    if (!present) throw new Error('the account has none');
    return database.transaction((tx) => instances.addInstance(present, name, tx));
  };
  const listKeys = async (systemUrl: string): Promise<string[]> => (await list(systemUrl)).map((row) => secrets.open(row, 'apiKey'));
  const find = async (id: string) => {
    const found = await store.findById(id);
    if (!found) throw new Error(`there is no ${id}`);
    return found;
  };

  beforeAll(async () => {
    spec = await createSpecDatabase([connectionsSchema]);
    database = new Database(spec.source);
    const environment = { CONNECTION_CACHE_MB: 8 } as Environment;
    const [memory, values] = [new ConnectionMemory(environment), new SealedValues(secrets, environment)];
    store = new ConnectionStore(database, modules, memory, values, new SettingsCompilation(database, secrets));
    const activation = new ActivationStore(memory);
    instances = new InstanceStore(database, store, memory, activation, modules, secrets, values, new Clock(database));
    await database.run(INSERT, [OLD.id, OLD.url, sha256Hex('old'), secrets.seal(OLD.id, 'apiKey', 'old key')]);
  }, 60_000);
  afterAll(() => spec?.remove());

  it('are one, with the code of the module, for a connection of the version before', async () => {
    expect(await list(OLD.url)).toMatchObject([{ id: OLD.id, code: 'pay', instance: null, name: null }]);
    expect(await store.findByClientId('pay', 'old')).toMatchObject({ id: OLD.id, code: 'pay', name: null });
    // Processes of the previous version do not set an instance, and still work.
    await database.run(INSERT, ['01900000-0000-7000-8000-000000000002', 'https://b.example', sha256Hex('b'), '']);
    expect(await list('https://b.example')).toMatchObject([{ code: 'pay' }]);
    await expect(database.run(INSERT, ['01900000-0000-7000-8000-000000000003', OLD.url, sha256Hex('c'), ''])).rejects.toMatchObject(TAKEN);
  });

  it('have their own codes and secrets, and start with the key and account of the first', async () => {
    const ids = [await add(OLD.url, 'Madrid'), await add(OLD.url, 'Sevilla')];
    const rows = await list(OLD.url);
    expect(rows.map(({ id }) => id)).toEqual([OLD.id, ...ids]);
    expect(rows.slice(1)).toMatchObject([
      { name: 'Madrid', code: expect.stringMatching(/^pay-[a-z0-9]{8}$/), active: true, settingsSealed: null },
      { name: 'Sevilla', code: expect.stringMatching(/^pay-[a-z0-9]{8}$/), active: true, settingsSealed: null },
    ]);
    expect(new Set(rows.map(({ code }) => code)).size).toBe(3);
    expect(await listKeys(OLD.url)).toEqual(['old key', 'old key', 'old key']);
    expect(new Set(rows.map(({ apiKeySealed }) => apiKeySealed)).size).toBe(3);
    const clientId = secrets.open(rows[1] as ConnectionEntity, 'clientId');
    expect(await store.findByClientId('pay', clientId)).toMatchObject({ id: ids[0], code: rows[1]?.code, name: 'Madrid' });
  });

  it('all get the key of a renewed connection, and their activity does not change', async () => {
    const [first, second] = await list(OLD.url);
    for (const row of [first, second])
      await store.update(row?.id ?? '', {
        active: false,
        registeredHash: 'of before',
        account: { ...row?.account, timeZone: 'UTC' } as never,
      });
    expect(await connect(OLD.url, 'new key')).toBe(OLD.id);
    expect(await listKeys(OLD.url)).toEqual(['new key', 'new key', 'new key']);
    expect(await list(OLD.url)).toMatchObject([
      { active: true, scopes: ['some'] },
      // The registration must be sent to the CRM again.
      { active: false, scopes: ['some'], registeredHash: null, account: { timeZone: 'UTC', language: 'es' } },
      { active: true, scopes: ['some'], registeredHash: null },
    ]);
  });

  it('all get a wider key that one of them was given', async () => {
    const [first, ...others] = await list(OLD.url);
    const connection = await find(first?.id ?? '');
    expect(await instances.keepKey(connection, 'wider key', ['some', 'more'])).toEqual(others.map(({ id }) => id));
    await instances.keepScopes(connection, ['some', 'more', 'most']);
    expect(await listKeys(OLD.url)).toEqual(['wider key', 'wider key', 'wider key']);
    expect((await list(OLD.url)).map(({ scopes }) => scopes.length)).toEqual([3, 3, 3]);
  });

  it('move together, once, and not to where the account is connected already', async () => {
    const [first, second] = await list(OLD.url);
    const [one, other] = [await find(first?.id ?? ''), await find(second?.id ?? '')];
    await connect('https://taken.example', 'key');
    await expect(instances.moveAccount(one, 'https://taken.example')).rejects.toMatchObject(TAKEN);
    expect(await list(OLD.url)).toHaveLength(3);
    await Promise.all([instances.moveAccount(one, 'https://new.example'), instances.moveAccount(other, 'https://new.example')]);
    expect([(await list(OLD.url)).length, (await list('https://new.example')).length]).toEqual([0, 3]);
    // A key requested before the move is still stored in all instances.
    await instances.keepKey(one, 'late key', ['some']);
    expect(await listKeys('https://new.example')).toEqual(['late key', 'late key', 'late key']);
    expect(await listKeys('https://taken.example')).toEqual(['key']);
  });

  it('are one after many concurrent connections', async () => {
    const ids = await Promise.all(['k1', 'k2', 'k3'].map((key) => connect('https://many.example', key)));
    expect(new Set(ids).size).toBe(1);
    expect(await list('https://many.example')).toHaveLength(1);
  });
});
