import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SecretBox } from '#platform';
import { wireCalculate } from '#testing';
import { Account } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { COMMON_SETTINGS } from './support/test-servers.js';
import { until } from './support/until.js';

interface Task {
  id: string;
  state: string;
  done: number;
  total?: number;
  result: Record<string, number>;
  startedBy: string;
}

const OLD = COMMON_SETTINGS.ENCRYPTION_KEY ?? '';
const NEW = randomBytes(32).toString('base64');
/** Further values, so that it takes a while: a worker is to die on the way. */
const MANY = 3_000;

let deployment: Deployment;
let account: Account;

const readTask = (id: string): Promise<Task> => deployment.operator<Task>('GET', `/tasks/${id}`);
const listKeys = async (): Promise<[string, number][]> =>
  (await deployment.operator<{ items: { state: string; values: number }[] }>('GET', '/keys')).items.map(({ state, values }) => [
    state,
    values,
  ]);

beforeAll(async () => {
  deployment = await Deployment.start({ accounts: 1, variables: { MODULES: 'courier', ENCRYPTION_KEY: `${NEW},${OLD}` } });
  account = await Account.connect(deployment, deployment.nextCrm());
  const [box, both] = [new SecretBox(OLD), new SecretBox(`${NEW},${OLD}`)];
  // As it was encrypted before the new key came.
  type Row = Record<'id' | 'client_id_sealed' | 'api_key_sealed', string>;
  const [row] = await deployment.stores.query<Row>('SELECT id, client_id_sealed, api_key_sealed FROM connection');
  if (!row) throw new Error('no connection');
  const seal = (name: string, text: string): string => box.seal(both.open(text, `${row.id}/${name}`), `${row.id}/${name}`);
  await deployment.stores.query('UPDATE connection SET client_id_sealed = $1, api_key_sealed = $2', [
    ...[seal('clientId', row.client_id_sealed), seal('apiKey', row.api_key_sealed)],
  ]);
  const keys = Array.from({ length: MANY }, (_, n) => `value-${n}`);
  await deployment.stores.query(
    `INSERT INTO provider_cache (scope, key, value, expires_at) SELECT 'spec', key, value, now() + interval '1 hour' FROM unnest($1::text[], $2::text[]) v (key, value)`,
    [keys, keys.map((key) => box.seal(JSON.stringify(key), `spec/${key}`))],
  );
}, START_MS);
afterAll(() => deployment?.stop());

it('an old key is retired: its values are encrypted again, though a worker dies on the way', async () => {
  const values = MANY + 2;
  expect(await listKeys()).toEqual([
    ['encrypts', 0],
    ['decrypts', values],
  ]);
  await deployment.separate('worker');
  const { id } = await deployment.operator<Task>('POST', '/keys/re-encrypt');
  expect((await deployment.askOperator('POST', '/keys/re-encrypt')).status).toBe(409);
  await until('it has begun', async () => (await readTask(id)).done > 0);
  await deployment.killWorkers();
  const { state, done } = await readTask(id);
  expect([state, done < values]).toEqual(['running', true]);
  await deployment.startWorker();
  await until('it is done', async () => (await readTask(id)).state === 'done', 60_000);
  expect(await readTask(id)).toMatchObject({ done: values, total: values, result: { renewed: values }, startedBy: 'operator' });
  expect(await listKeys()).toEqual([
    ['encrypts', values],
    ['decrypts', 0],
  ]);

  await deployment.stopWorkers();
  await deployment.stopApi();
  deployment.variables.ENCRYPTION_KEY = NEW;
  await deployment.startApi();
  expect(await listKeys()).toEqual([['encrypts', values]]);
  const box = new SecretBox(NEW);
  const rows = await deployment.stores.query<{ key: string; value: string }>(`SELECT key, value FROM provider_cache WHERE scope = 'spec'`);
  expect(rows.filter(({ key, value }) => box.open(value, `spec/${key}`) !== JSON.stringify(key))).toEqual([]);
  expect((await account.calculate(wireCalculate())).status).toBe(200);
}, 240_000);
