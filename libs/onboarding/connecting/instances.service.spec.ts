import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Connection, ConnectionEntity, ConnectionStore, InstanceStore } from '#connections';
import type { Database, Transaction } from '#platform';
import type { AccountService } from '../account-page/account.service.js';
import type { AccountChange, AccountChanges } from '../changes/account-changes.js';
import { InstancesService } from './instances.service.js';
import type { LeavingService } from './leaving.service.js';
import type { RegistrationService } from '../registration/registration.service.js';

const TX = {} as Transaction;
const module = { code: 'pbx', multiAccount: true, names: { en: 'Phones', es: 'Phones', ru: 'Phones' }, providers: [] };

let rows: ConnectionEntity[];
let noted: string[];
let instances: InstancesService;

const row = (id: string, name: string | null, more: Partial<ConnectionEntity> = {}): ConnectionEntity =>
  ({
    ...{ id, name, code: `pbx-${id}`, active: true, frozen: false, frozenByOperatorAt: null, disconnectedAt: null },
    ...{ registeredAt: new Date(), registrationError: null, ...more },
  }) as ConnectionEntity;
const page = (id = '1', more: Partial<Connection> = {}): Connection =>
  ({ id, module, active: true, account: { language: 'en' }, ...more }) as unknown as Connection;

beforeEach(() => {
  jest.spyOn(Logger.prototype, 'log').mockReturnValue(undefined);
  rows = [row('1', null)];
  noted = [];
  instances = new InstancesService(
    {
      parse: ({ id }: ConnectionEntity) => page(id),
      findById: (id: string) => Promise.resolve(page(id)),
      update: (id: string, { name }: { name: string }) => {
        rows = rows.map((one) => (one.id === id ? { ...one, name } : one));
        return Promise.resolve();
      },
    } as unknown as ConnectionStore,
    {
      lockInstances: () => Promise.resolve(),
      listInstances: () => Promise.resolve(rows),
      addInstance: (_present: ConnectionEntity, name: string) => {
        rows = [...rows, row(String(rows.length + 1), name)];
        return Promise.resolve(String(rows.length));
      },
    } as unknown as InstanceStore,
    { registerNow: () => Promise.resolve(), schedule: () => Promise.resolve() } as unknown as RegistrationService,
    { issueUrl: (_module: object, id: string) => Promise.resolve(`https://page/${id}`) } as unknown as AccountService,
    {
      disconnect: async ({ id }: Connection, check: (tx: Transaction) => Promise<void>) => {
        await check(TX);
        rows = rows.map((one) => (one.id === id ? { ...one, disconnectedAt: new Date() } : one));
      },
    } as unknown as LeavingService,
    {
      note: (_tx: Transaction, { kind, connection }: AccountChange) => Promise.resolve(noted.push(`${kind} ${connection.id}`)),
    } as unknown as AccountChanges,
    { transaction: (work: (tx: Transaction) => Promise<unknown>) => work(TX) } as unknown as Database,
  );
});

describe('the instances of a module', () => {
  it('are fifty at most', async () => {
    rows = Array.from({ length: 49 }, (_, index) => row(String(index + 1), `n${index}`));
    expect((await instances.add(page(), { name: 'The last' })).items).toHaveLength(50);
    await expect(instances.add(page(), { name: 'One more' })).rejects.toMatchObject({ status: 400 });
    rows = rows.map((one, index) => (index === 7 ? { ...one, disconnectedAt: new Date() } : one));
    expect((await instances.add(page(), { name: 'One more' })).items).toHaveLength(50);
  });

  it('are noted as connected when they are added', async () => {
    await instances.add(page(), { name: 'Moscow' });
    expect(noted).toEqual(['connected 2']);
  });

  it('have different names, in whatever case, also from the module', async () => {
    await instances.add(page(), { name: 'Moscow' });
    for (const name of ['MOSCOW', ' moscow ', 'phones'])
      await expect(instances.add(page(), { name })).rejects.toMatchObject({ status: 400, errors: { name: expect.any(String) } });
    expect((await instances.rename(page(), '2', { name: 'moscow' })).items.map(({ name }) => name)).toEqual([undefined, 'moscow']);
    await expect(instances.rename(page(), '1', { name: 'Moscow' })).rejects.toMatchObject({ status: 400 });
  });

  it('are removed except for the last one, and the page of a removed one leads to another', async () => {
    await instances.add(page(), { name: 'Moscow' });
    const list = await instances.remove(page('2'), '2');
    expect(list).toMatchObject({ items: [{ id: '1' }], accountUrl: 'https://page/1' });
    await expect(instances.remove(page(), '1')).rejects.toMatchObject({ status: 400 });
    await expect(instances.remove(page(), '2')).rejects.toMatchObject({ status: 404 });
    expect((await instances.list(page())).items.map(({ id }) => id)).toEqual(['1']);
  });

  it('do not exist for a module that may be connected once, and are not added to a connection that is off', async () => {
    const single = page('1', { module: { ...module, multiAccount: false } } as unknown as Partial<Connection>);
    await expect(instances.list(single)).rejects.toMatchObject({ status: 404 });
    await expect(instances.add(page('1', { active: false }), { name: 'Moscow' })).rejects.toMatchObject({ status: 400 });
  });

  it('show why they do not work', async () => {
    rows = [
      row('1', null),
      row('2', 'off', { active: false, frozen: true }),
      row('3', 'frozen', { frozenByOperatorAt: new Date(), registeredAt: null }),
      row('4', 'new', { registeredAt: null, registrationError: 'the CRM is unavailable' }),
    ];
    const { items } = await instances.list(page('4'));
    expect(items.map(({ state, isOpen }) => [state, isOpen])).toEqual([
      ['active', false],
      ['inactive', false],
      ['frozen', false],
      ['pending', true],
    ]);
    expect(items[3]?.problem).toBe('the CRM is unavailable');
  });
});
