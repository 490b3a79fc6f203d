import { expect, it } from '@jest/globals';
import type { Connection } from '#connections';
import type { Providers } from '#integration-kit';
import type { OperationDraft, OperationsService, OperationStore } from '#operations';
import type { Clock, Database } from '#platform';
import { CallOperations } from './call-operations.js';
import type { TelephonyProvider } from './port/index.js';

it('the same call asked for twice is one operation, another phone or code is another', async () => {
  const keys: string[] = [];
  const freed: [string, number | undefined][] = [];
  const store = {
    freeKey: (_connection: Connection, key: string, { olderThanS }: { olderThanS?: number }) => {
      freed.push([key, olderThanS]);
      return Promise.resolve();
    },
  } as unknown as OperationStore;
  const operations = {
    perform: (_kind: object, _connection: Connection, { key }: OperationDraft<object>) => {
      keys.push(key);
      return Promise.resolve({});
    },
  } as unknown as OperationsService;
  const calls = new CallOperations({} as Providers<TelephonyProvider>, operations, store, {} as Database, {} as Clock);
  const place = (code: string, phone: string): Promise<void> => calls.place({} as Connection, { code, phone });
  await place('101', '+79161234567');
  await place('101', '+79161234567');
  await place('102', '+79161234567');
  await place('101', '+79161234568');
  expect(keys[1]).toBe(keys[0]);
  expect(new Set(keys).size).toBe(3);
  expect(freed).toEqual(keys.map((key) => [key, 5]));
});
