import { expect, it } from '@jest/globals';
import type { ConnectionLists } from '#connections';
import type { InboxService } from '#inbox';
import type { JournalFilter, JournalHead, JournalReader } from '#journal';
import type { OperationLists } from '#operations';
import type { OutboxService } from '#outbox';
import type { StoryReaders } from '../story-reader.js';
import type { SearchHit } from './search-query.js';
import { SearchService } from './search.service.js';

const PHONE = '+79211234502';
const AT = new Date('2026-11-30T10:00:00Z');

const none = (): Promise<never[]> => Promise.resolve([]);

/** Searches deliveries and rows of the journal. All rows contain the phone. */
async function search(text: string, rows: Partial<JournalHead>[], deliveries: Partial<SearchHit>[] = []): Promise<string[]> {
  const list = ({ phone, subjects, kind }: JournalFilter): Promise<{ items: JournalHead[] }> => {
    const fits = (row: Partial<JournalHead>): boolean =>
      (phone === PHONE || (subjects ?? []).some((one) => row.subjects?.includes(one))) && (kind === undefined || row.kind === kind);
    return Promise.resolve({
      items: rows
        .filter(fits)
        .map((row, index) => ({ id: String(index), connectionId: 'shop', name: 'save', outcome: 'ok', at: AT, ...row }) as JournalHead),
    });
  };
  const service = new SearchService(
    { all: [{ search: () => Promise.resolve(deliveries as SearchHit[]) }] } as unknown as StoryReaders,
    {
      search: none,
      listModuleCodes: () => Promise.resolve(new Map()),
      listHosts: () => Promise.resolve(new Map()),
    } as unknown as ConnectionLists,
    { search: none, searchSubject: none } as unknown as OperationLists,
    { search: none } as unknown as OutboxService,
    { search: none } as unknown as InboxService,
    { list } as unknown as JournalReader,
  );
  return (await service.search(text)).items.map(({ kind, title }) => `${kind}: ${title}`);
}

it('shows deliveries before the orders that only calls name, and these before exchanges', async () => {
  const delivery = { kind: 'delivery', id: 'd', connectionId: 'shop', title: 'Delivery of order 2A', at: AT } as const;
  const save: Partial<JournalHead> = { kind: 'callback', subjects: ['order:2', 'order:2A'] };
  expect(await search(PHONE, [save], [delivery])).toEqual([
    'delivery: Delivery of order 2A',
    'order: Order 2',
    'exchange: The CRM called save (order 2)',
  ]);
});

it('does not infer an order from a list of orders', async () => {
  const read: Partial<JournalHead> = { kind: 'crm', name: 'orders.history', subjects: ['order:1', 'order:2'] };
  expect(await search(PHONE, [read])).toEqual(['exchange: The CRM was called: orders.history (order 1)']);
  expect(await search('2', [read])).toEqual([]);
  expect(await search('2', [read, { kind: 'callback', subjects: ['order:2'] }])).toEqual(['order: Order 2']);
});
