import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Database, ReEncryption, SecretBox, SealedTables, type TaskRun, type TasksService } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { listSchemas } from './catalogue.module.js';

const sealed = listSchemas().flatMap((schema) => schema.sealed ?? []);
const root = fileURLToPath(new URL('../../', import.meta.url));

/** Files that seal texts. Each sealed text is declared in a `Schema.sealed`. */
const SEALERS = [
  'libs/connections/connection-secrets.ts',
  'libs/connections/drafts/draft-store.ts',
  'libs/connections/provider-cache/shared-cache.ts',
  'libs/platform/keys/re-encryption.ts',
];

let spec: SpecDatabase;
let database: Database;

beforeAll(async () => {
  spec = await createSpecDatabase(listSchemas());
  database = new Database(spec.source);
}, 60_000);
afterAll(() => spec?.remove());

describe('what is sealed', () => {
  it('is declared: every column that is called so', async () => {
    const rows = await database.query<{ name: string }>(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
       WHERE table_schema = current_schema() AND column_name LIKE '%sealed%'`,
    );
    const declared = sealed.flatMap(({ table, columns }) => columns.map(({ column }) => `${table}.${column}`));
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.map(({ name }) => name).filter((name) => !declared.includes(name))).toEqual([]);
  });

  it('is sealed if it is declared so', () => {
    const files = ['libs', 'apps'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
    );
    const found = files
      .filter((file) => file.endsWith('.ts') && !file.endsWith('spec.ts') && !file.includes('/test/'))
      .filter((file) => /\bbox\.seal\(/i.test(readFileSync(join(root, file), 'utf8')));
    expect(found.sort()).toEqual(SEALERS);
  });
});

describe('re-encryption', () => {
  const [oldKey, newKey, lostKey] = Array.from({ length: 3 }, () => randomBytes(32).toString('base64'));
  const [before, both, after] = [oldKey, `${newKey},${oldKey}`, newKey].map((keys) => new SecretBox(keys ?? ''));
  const ID = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;
  const idOf = (box: SecretBox | undefined): string => box?.keyIds[0] ?? '';
  let reEncryption: ReEncryption;
  beforeAll(() => {
    reEncryption = new ReEncryption(both as SecretBox, database, new SealedTables(sealed), {} as TasksService);
  });

  async function addConnection(n: number, box = before): Promise<void> {
    const seal = (name: string): string => (box as SecretBox).seal(`${name} of ${n}`, `${ID(n)}/${name}`);
    const state = JSON.stringify({
      cdek: { settingsSealed: seal('settings'), rejectedCalls: [], credentialsNotifiedAt: null },
      testpay: { settingsSealed: null },
    });
    await database.query(
      `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, settings_sealed, by_provider,
         scopes, active, frozen, account)
       VALUES ($1, 'courier', $2, $3, $4, $5, $6, $7, '{}', true, false, '{}')`,
      [ID(n), `https://crm-${n}.example.com`, `hash ${n}`, seal('clientId'), seal('apiKey'), seal('settings'), state],
    );
  }

  /** Runs slices until the task is done, or `most` slices. Returns its place. */
  async function run(most = Infinity, place?: unknown): Promise<{ place: unknown; renewed: number; unreadable: number; total: number }> {
    let [renewed, unreadable, total] = [0, 0, -1];
    for (let slices = 0; slices < most; slices++) {
      const slice = await database.transaction(async (tx) => {
        const came = await reEncryption.renewSome(tx, {
          input: { key: idOf(after) },
          place,
          total: total < 0 ? null : total,
        } as TaskRun<{ key: string }, never>);
        return came;
      });
      renewed += slice.result?.renewed ?? 0;
      unreadable += slice.result?.unreadable ?? 0;
      total = slice.total ?? total;
      place = slice.next;
      if (place === undefined) break;
    }
    return { place, renewed, unreadable, total };
  }

  const open = async (box: SecretBox | undefined, n: number): Promise<string[]> => {
    const [row] = await database.query<
      Record<'client_id_sealed' | 'api_key_sealed' | 'settings_sealed', string> & { by_provider: { cdek: { settingsSealed: string } } }
    >('SELECT * FROM connection WHERE id = $1', [ID(n)]);
    if (!row) throw new Error('it is gone');
    const values = { clientId: row.client_id_sealed, apiKey: row.api_key_sealed, settings: row.settings_sealed };
    const opened = Object.entries(values).map(([name, text]) => (box as SecretBox).open(text, `${ID(n)}/${name}`));
    return [...opened, (box as SecretBox).open(row.by_provider.cdek.settingsSealed, `${ID(n)}/settings`)];
  };
  const OPENED = (n: number): string[] => ['clientId', 'apiKey', 'settings', 'settings'].map((name) => `${name} of ${n}`);
  const listKeys = async (): Promise<unknown[]> => (await reEncryption.listKeys()).map(({ id, state, values }) => [id, state, values]);

  afterEach(() => database.query('TRUNCATE connection, provider_cache CASCADE'));

  it('encrypts every value with the first key, and counts the values of each key', async () => {
    for (let n = 0; n < 130; n++) await addConnection(n);
    await database.query(
      `INSERT INTO provider_cache (scope, key, value, expires_at) VALUES ('cdek/a', 'token', $1, now()), ('cdek', 'list', '["v1.00000000.x"]', now())`,
      [(before as SecretBox).seal('"t"', 'cdek/a/token')],
    );
    expect(await listKeys()).toEqual([
      [idOf(after), 'encrypts', 0],
      [idOf(before), 'decrypts', 521],
    ]);
    expect(await run()).toEqual({ place: undefined, renewed: 521, unreadable: 0, total: 521 });
    expect(await listKeys()).toEqual([
      [idOf(after), 'encrypts', 521],
      [idOf(before), 'decrypts', 0],
    ]);
    for (const n of [0, 64, 129]) expect(await open(after, n)).toEqual(OPENED(n));
    const [cached] = await database.query<{ value: string }>(`SELECT value FROM provider_cache WHERE key = 'token'`);
    expect((after as SecretBox).open(cached?.value ?? '', 'cdek/a/token')).toBe('"t"');
    expect(await run()).toMatchObject({ renewed: 0 });
  });

  it('renews compiled settings, whose bytes are not a text', async () => {
    await addConnection(1);
    const [context, bytes] = [`${ID(1)}/compiled/courier`, Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))];
    await database.query(
      `INSERT INTO compiled_settings (connection_id, provider, format, source, sealed) VALUES ($1, 'courier', 1, '', $2)`,
      [...[ID(1), (before as SecretBox).seal(bytes, context)]],
    );
    expect((await reEncryption.listKeys())[1]?.columns).toMatchObject({ 'compiled_settings.sealed': 1 });
    expect(await run()).toMatchObject({ renewed: 5, unreadable: 0 });
    const [row] = await database.query<{ sealed: string }>('SELECT sealed FROM compiled_settings');
    expect((after as SecretBox).openBytes(row?.sealed ?? '', context)).toEqual(bytes);
  });

  it('continues after the finished rows', async () => {
    for (let n = 0; n < 130; n++) await addConnection(n);
    // The tables of the cache come first.
    const { place } = await run(2);
    expect(place).toMatchObject({ after: [ID(99)], pass: 1 });
    expect(await run(Infinity, place)).toMatchObject({ renewed: 120 });
  });

  it('skips a row that is being saved, and returns to it', async () => {
    for (let n = 0; n < 3; n++) await addConnection(n);
    const saver = spec.source.createQueryRunner();
    await saver.startTransaction();
    await saver.query('UPDATE connection SET settings_sealed = $2 WHERE id = $1', [
      ID(1),
      (before as SecretBox).seal('saved meanwhile', `${ID(1)}/settings`),
    ]);
    const first = await run(2);
    expect(first.renewed).toBe(8);
    await saver.commitTransaction();
    await saver.release();
    expect(await run(Infinity, first.place)).toMatchObject({ renewed: 4 });
    expect(await open(after, 1)).toEqual(['clientId of 1', 'apiKey of 1', 'saved meanwhile', 'settings of 1']);
  });

  it('skips unreadable values, and reports their number', async () => {
    await addConnection(1);
    await addConnection(2, new SecretBox(lostKey ?? ''));
    expect(await run()).toMatchObject({ place: undefined, renewed: 4, unreadable: 4 });
    expect(await listKeys()).toEqual([
      [idOf(after), 'encrypts', 4],
      [idOf(before), 'decrypts', 0],
      [expect.any(String), 'missing', 4],
    ]);
    expect(await open(new SecretBox(lostKey ?? ''), 2)).toEqual(OPENED(2));
  });

  it('is not done by a process with another first key', async () => {
    await expect(
      database.transaction((tx) =>
        reEncryption.renewSome(tx, { input: { key: idOf(before) }, place: undefined, total: null } as unknown as TaskRun<
          { key: string },
          never
        >),
      ),
    ).rejects.toThrow('restart all processes');
  });
});
