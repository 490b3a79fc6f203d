import { Readable } from 'node:stream';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection, ConnectionStore, CrmClients, HostedModules } from '#connections';
import type { Providers } from '#integration-kit';
import type { Database } from '#platform';
import type { TelephonyProvider } from './port/index.js';
import type { RecordLinks } from './record-links.js';
import { TelephonyRecords } from './telephony-records.js';

const STARTED = new Date('2026-11-30T22:30:00Z');

let due: object[];
/** Columns set by statements other than the claim, with their values. */
let stored: string[];
let edited: object[];
let attachment: object[];
let customer: number | undefined;

const copyDue = (): Promise<void> => {
  const database = {
    query: (text: string, values: unknown[]) => {
      if (text.includes('record_tries = record_tries + 1')) return Promise.resolve(due.splice(0, 1));
      stored.push(`${/SET (\w+ = \S+)/.exec(text)?.[1]} ${values.slice(1).join()}`);
      return Promise.resolve([]);
    },
  } as unknown as Database;
  const module = { code: 'pbx', manifest: { code: 'pbx' } };
  const connection = { id: 'c-1', module, settings: {}, account: { timeZone: 'Europe/Moscow' } } as unknown as Connection;
  const exact = {
    files: {
      upload: () => Promise.resolve({ file: { id: 7 } }),
      get: () => Promise.resolve({ file: { attachment } }),
      edit: (_id: string, { file }: { file: object }) => Promise.resolve(edited.push(file)),
    },
    telephony: { manager: () => Promise.resolve(customer === undefined ? {} : { customer: { id: customer } }) },
  };
  return new TelephonyRecords(
    database,
    { findById: () => Promise.resolve(connection) } as unknown as ConnectionStore,
    { crmFor: () => Promise.resolve({ exact }) } as unknown as CrmClients,
    { listByProvider: () => [module] } as unknown as HostedModules,
    { find: () => Promise.resolve({ size: 1, open: () => Promise.resolve(Readable.from(['a'])) }) } as unknown as RecordLinks,
    { has: () => true, getManifest: () => ({ keepsRecords: () => true }) } as unknown as Providers<TelephonyProvider>,
  ).copyDue({}, new AbortController().signal);
};
const makeDue = (tries: number, fileId: string | null = null): object => ({
  ...{ id: 'k-1', connectionId: 'c-1', tries, record: 'a.mp3', fileId, phone: '+79990001122', startedAt: STARTED },
});

beforeEach(() => {
  [due, stored, edited, attachment, customer] = [[makeDue(1)], [], [], [], 42];
});

describe('a recording that is due', () => {
  it('is copied, named by the time of the account, and attached to its customer', async () => {
    await copyDue();
    expect(edited).toEqual([{ filename: '2026-12-01 01-30-00 +79990001122.mp3', attachment: [{ customer: { id: 42 } }] }]);
    expect(stored).toEqual(['file_id = $2 7', 'record_due_at = NULL 1']);
  });

  it('keeps the links that a manager made, and gets no link twice', async () => {
    attachment = [{ customer: { id: 5 } }, { order: { id: 9 } }];
    await copyDue();
    [due, attachment] = [[makeDue(2, '7')], [{ customer: { id: 42 } }, { order: { id: 9 } }]];
    await copyDue();
    expect(edited.map((file) => (file as { attachment: object[] }).attachment)).toEqual([
      [{ customer: { id: 5 } }, { order: { id: 9 } }, { customer: { id: 42 } }],
      [{ customer: { id: 42 } }, { order: { id: 9 } }],
    ]);
  });

  it('waits for an unknown customer, and stays without a customer after the last try', async () => {
    customer = undefined;
    await copyDue();
    expect([edited, stored]).toEqual([[], ['file_id = $2 7']]);
    due = [makeDue(6, '7')];
    await copyDue();
    expect([edited.length, stored.at(-1)]).toEqual([1, 'record_due_at = NULL 6']);
  });
});
