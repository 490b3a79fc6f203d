import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { IsInt } from 'class-validator';
import { Database, type Environment, SecretBox, sha256Hex } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { ConnectionSecrets } from '../connection-secrets.js';
import { SettingsStore } from './settings-store.js';
import { SettingsCompilation } from '../store/compiled-settings.js';
import { ConnectionMemory } from '../store/connection-memory.js';
import { ConnectionStore } from '../store/connection-store.js';
import { SealedValues } from '../store/sealed-values.js';
import { connectionsSchema } from '../connections.module.js';
import { type HostedModule, HostedModules } from '../hosted-modules.js';

const ID = '01900000-0000-7000-8000-000000000001';

class Prices {
  @IsInt() price!: number;
}

/** Hosts `courier`. Its compiled settings are the price and the format. */
function host(format: number): HostedModules {
  const providers: HostedModule[] = [];
  const compiler = {
    format,
    pack: ({ price }: Prices) => [Buffer.from(`${price} of format ${format}`)],
    open: ([bytes]: readonly Buffer[]) => ({ packed: bytes?.toString() }),
  };
  const manifest = { code: 'courier', settings: Prices, createDefaultSettings: () => ({ price: 0 }), compiler };
  providers.push({ code: 'courier', manifest, providers } as unknown as HostedModule);
  return new HostedModules(new Map(providers.map((part) => ['courier', part])));
}

/** The parts of a process that read and store settings. */
interface Process {
  readonly memory: ConnectionMemory;
  readonly store: ConnectionStore;
  readonly settings: SettingsStore;
}

describe('compiled settings', () => {
  const secrets = new ConnectionSecrets(new SecretBox(randomBytes(32).toString('base64')));
  const environment = { production: false, CONNECTION_CACHE_MB: 8 } as Environment;
  let spec: SpecDatabase;
  let database: Database;
  /** Creates a process whose version compiles in this format. */
  const createProcess = (format = 1): Process => {
    const [memory, values] = [new ConnectionMemory(environment), new SealedValues(secrets, environment)];
    const compilation = new SettingsCompilation(database, secrets);
    const store = new ConnectionStore(database, host(format), memory, values, compilation);
    return { memory, store, settings: new SettingsStore(store, secrets, values, compilation) };
  };
  const quote = async ({ store }: Process): Promise<unknown> => (await store.findByClientId('courier', 'a', true))?.compiled;
  const save = async ({ store, settings }: Process, price: number): Promise<void> => {
    const connection = await store.findById(ID);
    if (!connection) throw new Error('the connection is gone');
    await database.transaction((tx) => settings.keepSettings(connection, { price }, tx));
  };
  const readStored = async (): Promise<{ format: number; opened: string }[]> => {
    const rows = await database.query<{ format: number; sealed: string }>('SELECT format, sealed FROM compiled_settings');
    return rows.map(({ format, sealed }) => ({ format, opened: secrets.openCompiled(ID, 'courier', sealed).toString() }));
  };
  /** Compiled settings are stored in the background. */
  const waitForStored = async (text: string): Promise<void> => {
    const read = (): Promise<string> =>
      readStored().then(
        ([row]) => row?.opened ?? '',
        () => '',
      );
    while (!(await read()).includes(text)) await new Promise((resolve) => setImmediate(resolve));
  };

  beforeAll(async () => {
    spec = await createSpecDatabase([connectionsSchema]);
    database = new Database(spec.source);
  }, 60_000);
  afterAll(() => spec?.remove());
  afterEach(() => void jest.restoreAllMocks());
  beforeEach(async () => {
    await database.query('TRUNCATE connection CASCADE');
    await database.query(
      `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account)
       VALUES ($1, 'courier', 'https://a.example', $2, '', '', '{}')`,
      [ID, sha256Hex('a')],
    );
    await save(createProcess(), 5);
  });

  it('are stored sealed with a save, and used by a process that never read the settings', async () => {
    expect(await readStored()).toEqual([{ format: 1, opened: expect.stringContaining('5 of format 1') }]);
    const [{ sealed } = { sealed: '' }] = await database.query<{ sealed: string }>('SELECT sealed FROM compiled_settings');
    expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').toString()).not.toContain('5 of format');
    const found = await createProcess().store.findByClientId('courier', 'a', true);
    expect(found?.compiled).toEqual({ packed: '5 of format 1' });
    expect(() => found?.settings).toThrow('was read with compiled settings');
  });

  it('come from a save by another process', async () => {
    const [quoting, saving] = [createProcess(), createProcess()];
    expect(await quote(quoting)).toEqual({ packed: '5 of format 1' });
    await save(saving, 7);
    expect(await quote(quoting)).toEqual({ packed: '7 of format 1' });
  });

  it('are read along with settings of another account, unless another process changed the connection', async () => {
    const clients = ['b', 'c', 'd'];
    await database.query(
      `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account)
       SELECT gen_random_uuid(), 'courier', 'https://' || hash, hash, '', '', '{}' FROM unnest($1::text[]) hash`,
      [clients.map(sha256Hex)],
    );
    const quoting = createProcess();
    for (const client of ['a', ...clients]) await quoting.store.findByClientId('courier', client, true);
    await database.query('UPDATE connection SET version = version + 1 WHERE client_id_hash = $1', [sha256Hex('b')]);
    await database.query('DELETE FROM connection WHERE client_id_hash = $1', [sha256Hex('c')]);
    const later = performance.now() + 1_600;
    jest.spyOn(performance, 'now').mockReturnValue(later);
    expect(quoting.memory.recall('courier', 'd')).toBeUndefined();
    await quote(quoting);
    expect(clients.filter((client) => quoting.memory.recall('courier', client))).toEqual(['d']);
  });

  it('are made again after a save by a version that compiles nothing', async () => {
    const quoting = createProcess();
    await quote(quoting);
    const sealed = secrets.seal(ID, 'settings', JSON.stringify({ price: 8 }));
    await database.query('UPDATE connection SET settings_sealed = $2, version = version + 1 WHERE id = $1', [ID, sealed]);
    expect(await quote(quoting)).toEqual({ packed: '8 of format 1' });
    expect(await quote(createProcess())).toEqual({ packed: '8 of format 1' });
  });

  it('of an older format are made again, and an older version leaves the newer ones', async () => {
    expect(await quote(createProcess(2))).toEqual({ packed: '5 of format 2' });
    await waitForStored('5 of format 2');
    expect(await quote(createProcess(1))).toEqual({ packed: '5 of format 1' });
    await save(createProcess(1), 6);
    expect(await readStored()).toEqual([{ format: 2, opened: expect.stringContaining('5 of format 2') }]);
    expect(await quote(createProcess(2))).toEqual({ packed: '6 of format 2' });
  });

  it.each([
    ['changed', `UPDATE compiled_settings SET sealed = sealed || 'A'`],
    ['of another connection', `UPDATE compiled_settings SET sealed = $1`],
    ['not parts', `UPDATE compiled_settings SET sealed = $2`],
  ])('that are broken (%s) are made again from the settings', async (_, sql) => {
    const foreign = secrets.sealCompiled('01900000-0000-7000-8000-000000000002', 'courier', Buffer.from('x'));
    const cut = secrets.sealCompiled(ID, 'courier', Buffer.from([2, 0, 0, 0, 9, 0, 0, 0]));
    await database.query(sql.replace('$1', `'${foreign}'`).replace('$2', `'${cut}'`));
    expect(await quote(createProcess())).toEqual({ packed: '5 of format 1' });
    await expect(createProcess().store.findByClientId('courier', 'a')).resolves.toMatchObject({ settings: { price: 5 } });
    await waitForStored('5 of format 1');
  });

  it('are not used by code that needs the settings, nor with rules', async () => {
    expect(await createProcess().store.findByClientId('courier', 'a')).toMatchObject({ settings: { price: 5 }, compiled: undefined });
    const quoting = createProcess();
    await quote(quoting);
    await database.query(`UPDATE connection SET rules_sealed = 'v1.x.x', version = version + 1`);
    expect(await quoting.store.findByClientId('courier', 'a', true)).toMatchObject({ settings: { price: 5 }, compiled: undefined });
  });

  it('are deleted with the connection', async () => {
    await database.transaction((tx) => createProcess().store.delete(ID, tx));
    expect(await readStored()).toEqual([]);
  });
});
