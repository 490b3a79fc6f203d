import { describe, expect, it } from '@jest/globals';
import type { CrmClient } from '#crm-client';
import { CRM_LISTS } from './crm-lists.js';

type Request = { page: number };

/** A CRM that replies to every list with this value. */
function answering(reply: unknown): CrmClient {
  const read = (): Promise<unknown> => Promise.resolve(reply);
  const references = { sites: read, stores: read, legalEntities: read, paymentTypes: read, statuses: read, deliveryTypes: read };
  return { references, users: { list: read } } as unknown as CrmClient;
}

/** A CRM with pages of users. `asked` collects the requested page numbers. */
function paging(answer: (page: number) => unknown, asked: number[] = []): CrmClient {
  const list = ({ page }: Request): Promise<unknown> => {
    asked.push(page);
    return Promise.resolve(answer(page));
  };
  return { users: { list } } as unknown as CrmClient;
}

const buildPage = (page: number, pages: number): object => ({
  users: Array.from({ length: 100 }, (_, index) => ({ id: page * 1000 + index, firstName: 'U', active: true })),
  pagination: { totalPageCount: pages },
});

describe("the CRM's lists", () => {
  it('have code and name, the inactive ones last, from a list or a map', async () => {
    const rows = [
      { code: 'old', name: 'Old', active: false },
      { code: 'a', name: 'First', active: true },
      { code: 'gone', name: 'Gone', active: '0' },
      { code: 7, name: null },
    ];
    const expected = [
      { value: 'a', label: 'First' },
      { value: '7', label: '7' },
      { value: 'old', label: 'Old' },
      { value: 'gone', label: 'Gone' },
    ];
    for (const stores of [rows, Object.fromEntries(rows.map((row) => [`k${row.code}`, row]))])
      expect(await CRM_LISTS.stores.load(answering({ stores }), {})).toEqual(expected);
  });

  it('leave out what cannot be a value, and shorten what is shown', async () => {
    const sites = [null, 5, 'x', [], {}, { code: '' }, { code: {} }, { code: 'x'.repeat(256) }, { code: 'ok', name: 'n'.repeat(9000) }];
    expect(await CRM_LISTS.sites.load(answering({ sites }), {})).toEqual([{ value: 'ok', label: 'n'.repeat(200) }]);
    const users = [{ id: 'one' }, { id: 1.5 }, { id: null }, { id: '4', firstName: {}, lastName: [], email: 'e'.repeat(900) }];
    expect(await CRM_LISTS.users.load(answering({ users }), {})).toEqual([{ value: 4, label: 'e'.repeat(200), hint: 'e'.repeat(200) }]);
  });

  it.each([[null], ['text'], [5], [[]], [[{ code: 'a' }]], [{}], [{ sites: null, users: 5 }], [{ sites: 'text', users: '' }]])(
    'are empty when the answer is %j',
    async (reply) => {
      expect(await CRM_LISTS.sites.load(answering(reply), {})).toEqual([]);
      expect(await CRM_LISTS.users.load(answering(reply), {})).toEqual([]);
    },
  );

  it('name legal entities as callbacks do: by their names', async () => {
    const legalEntities = [{ code: 'main', legalName: ' Shop, S.L. ' }, { code: 'nameless' }, { legalName: 'Other' }];
    expect(await CRM_LISTS.legalEntities.load(answering({ legalEntities }), {})).toEqual([
      { value: 'Shop, S.L.', label: 'Shop, S.L.', hint: 'main' },
      { value: 'Other', label: 'Other' },
    ]);
  });

  it('have at most 5,000 items', async () => {
    const statuses = Array.from({ length: 6000 }, (_, code) => ({ code: `s${code}` }));
    expect(await CRM_LISTS.statuses.load(answering({ statuses }), {})).toHaveLength(5000);
  });
});

describe('users', () => {
  it('have a name, an e-mail and an id that is a number, and are active', async () => {
    const users = [
      { id: 1, firstName: 'Ann', lastName: 'Lee', email: 'a@example.com', active: true },
      { id: 2, lastName: 'Lee', active: true },
      { id: 3, email: 'c@example.com', active: true },
      { id: 4, active: true },
      { id: 5, firstName: 'Gone', active: false },
    ];
    expect(await CRM_LISTS.users.load(answering({ users, pagination: { totalPageCount: 1 } }), {})).toEqual([
      { value: 1, label: 'Ann Lee', hint: 'a@example.com' },
      { value: 2, label: 'Lee' },
      { value: 3, label: 'c@example.com', hint: 'c@example.com' },
      { value: 4, label: '4' },
    ]);
  });

  it('are read page by page, 1,000 at most, even where the CRM has no end of them', async () => {
    const asked: number[] = [];
    expect(
      await CRM_LISTS.users.load(
        paging((page) => buildPage(page, 3), asked),
        {},
      ),
    ).toHaveLength(300);
    expect(asked).toEqual([1, 2, 3]);
    asked.length = 0;
    expect(
      await CRM_LISTS.users.load(
        paging((page) => buildPage(page, 1e9), asked),
        {},
      ),
    ).toHaveLength(1000);
    expect(asked).toHaveLength(10);
    const endless = { users: Array.from({ length: 5000 }, (_, id) => ({ id })), pagination: { totalPageCount: 'many' } };
    expect(await CRM_LISTS.users.load(answering(endless), {})).toHaveLength(100);
  });
});
