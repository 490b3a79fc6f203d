import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Clock, type Database, SecretBox } from '#platform';
import type { AccountDraftEntity } from './account-draft.entity.js';
import { type DraftPlace, DraftStore } from './draft-store.js';

const WEEK_MS = 7 * 86_400_000;
const PLACE: DraftPlace = { connectionId: 'c-1', provider: 'cdek', form: 'settings' };

let now: number;
let rows: AccountDraftEntity[];
let drafts: DraftStore;

beforeEach(() => {
  [now, rows] = [Date.parse('2026-11-30T12:00:00Z'), []];
  const isOf = (place: DraftPlace) => (row: AccountDraftEntity) =>
    row.connectionId === place.connectionId && row.provider === place.provider && row.form === place.form;
  const repository = {
    findOneBy: (place: DraftPlace) => Promise.resolve(rows.find(isOf(place)) ?? null),
    upsert: (row: AccountDraftEntity) => Promise.resolve(void (rows = [...rows.filter((one) => !isOf(row)(one)), row])),
    delete: (place: DraftPlace) => Promise.resolve(void (rows = rows.filter((one) => !isOf(place)(one)))),
  };
  drafts = new DraftStore({ dataSource: { getRepository: () => repository } } as unknown as Database, new SecretBox('ab'.repeat(32)), {
    now: () => new Date(now),
  } as Clock);
});

describe('a draft', () => {
  it('is sealed, and kept for seven days after its last change', async () => {
    await drafts.keep(PLACE, { key: 'old' });
    now += WEEK_MS - 1;
    expect(await drafts.keep(PLACE, { key: 'secret' })).toMatchObject({ keptUntil: new Date(now + WEEK_MS) });
    expect([rows.length, JSON.stringify(rows).includes('secret')]).toEqual([1, false]);
    now += WEEK_MS - 1;
    expect(await drafts.find(PLACE)).toMatchObject({ values: { key: 'secret' } });
    now += 1;
    expect(await drafts.find(PLACE)).toBeUndefined();
  });

  it('opens only in its own place', async () => {
    await drafts.keep(PLACE, { key: 'secret' });
    rows = rows.map((row) => ({ ...row, provider: 'apiship' }));
    await expect(drafts.find({ ...PLACE, provider: 'apiship' })).rejects.toThrow();
    expect(await drafts.find(PLACE)).toBeUndefined();
  });
});
