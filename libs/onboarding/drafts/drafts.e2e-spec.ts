import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectionsData, connectionsSchema, DraftStore, type DraftPlace } from '#connections';
import {
  type Clock,
  Database,
  type Environment,
  Retention,
  ReEncryption,
  SealedTables,
  SecretBox,
  type TaskRun,
  type TasksService,
} from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { DraftsService } from './drafts.service.js';

const [ONE, OTHER] = ['01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000002'];
const PLACE: DraftPlace = { connectionId: ONE, provider: 'courier', form: 'settings' };
const DAY_MS = 24 * 3_600_000;

describe('drafts', () => {
  const [oldKey, newKey] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];
  const clock = { now: () => new Date() } as Clock;
  let spec: SpecDatabase;
  let database: Database;
  let retention: Retention;
  let drafts: DraftStore;

  const count = async (): Promise<number> => (await database.query('SELECT id FROM account_draft')).length;
  const age = (days: number): Promise<unknown> =>
    database.query('UPDATE account_draft SET saved_at = saved_at - make_interval(days => $1)', [days]);

  beforeAll(async () => {
    spec = await createSpecDatabase([connectionsSchema]);
    database = new Database(spec.source);
    retention = new Retention(database, {} as Environment);
    drafts = new DraftStore(database, new SecretBox(oldKey), clock);
  }, 60_000);
  afterAll(() => spec?.remove());
  beforeEach(() => database.query('TRUNCATE account_draft'));

  it('are one for each form of a provider of a connection, the last one', async () => {
    await drafts.keep(PLACE, { days: 1 });
    await Promise.all([
      drafts.keep({ ...PLACE, form: 'rules' }, { rows: [] }),
      drafts.keep({ ...PLACE, connectionId: OTHER }, { days: 9 }),
      ...[2, 3].map((days) => drafts.keep({ ...PLACE, provider: 'ledger' }, { days })),
    ]);
    const { savedAt, keptUntil, values } = await drafts.keep(PLACE, { days: 4 });
    expect([values, keptUntil.getTime() - savedAt.getTime()]).toEqual([{ days: 4 }, 7 * DAY_MS]);
    expect(await drafts.find(PLACE)).toEqual({ values: { days: 4 }, savedAt, keptUntil });
    expect(await count()).toBe(4);
    await drafts.remove(PLACE);
    expect([await drafts.find(PLACE), (await drafts.find({ ...PLACE, connectionId: OTHER }))?.values]).toEqual([undefined, { days: 9 }]);
  });

  it('are sealed, each for its place', async () => {
    await drafts.keep(PLACE, { phone: '+34911234567' });
    expect(JSON.stringify(await database.query('SELECT * FROM account_draft'))).not.toContain('34911234567');
    await database.query('UPDATE account_draft SET connection_id = $1', [OTHER]);
    await expect(drafts.find({ ...PLACE, connectionId: OTHER })).rejects.toThrow('belongs to something else');
  });

  it('are deleted after seven days, and not shown while they wait for that', async () => {
    const service = new DraftsService(drafts, retention);
    const clean = (): Promise<void> => service.clean({}, new AbortController().signal);
    await drafts.keep(PLACE, { days: 1 });
    await age(6);
    await clean();
    expect(await drafts.find(PLACE)).toBeDefined();
    await age(1);
    expect([await drafts.find(PLACE), await count()]).toEqual([undefined, 1]);
    await clean();
    expect(await count()).toBe(0);
  });

  it('are erased with their connection', async () => {
    await drafts.keep(PLACE, {});
    await drafts.keep({ ...PLACE, connectionId: OTHER }, {});
    for (const table of connectionsData.tables)
      await retention.deleteHeld(table, ONE, () => Promise.resolve(), new AbortController().signal);
    expect([await drafts.find(PLACE), await drafts.find({ ...PLACE, connectionId: OTHER })]).toMatchObject([undefined, { values: {} }]);
  });

  it('are encrypted again with a new key', async () => {
    await drafts.keep(PLACE, { days: 4 });
    const both = new SecretBox(`${newKey},${oldKey}`);
    const renewal = new ReEncryption(both, database, new SealedTables(connectionsSchema.sealed ?? []), {} as TasksService);
    let place: unknown;
    do {
      const input = { input: { key: both.keyIds[0] }, place, total: null } as unknown as TaskRun<{ key: string }, never>;
      place = (await database.transaction((tx) => renewal.renewSome(tx, input))).next;
    } while (place !== undefined);
    expect((await new DraftStore(database, new SecretBox(newKey), clock).find(PLACE))?.values).toEqual({ days: 4 });
  });
});
