import { describe, expect, it } from '@jest/globals';
import { CallBudget } from '#provider-kit';
import { bindToRequest, type Connection, nameConnection } from './connection.js';
import type { HostedModule } from './hosted-modules.js';

const settings = { prices: [] };
const connection: Connection = {
  id: 'a',
  module: { code: 'courier', names: { en: 'Courier', es: 'Mensajería', ru: 'Курьер' } } as HostedModule,
  code: 'courier-k3f9a2bx',
  name: 'Madrid',
  views: [],
  systemUrl: 'https://shop.example',
  active: true,
  frozen: false,
  frozenByOperatorAt: null,
  disconnectedAt: null,
  shadow: false,
  account: { language: 'en', timeZone: 'UTC', workTimes: [], nonWorkingDays: [] } as unknown as Connection['account'],
  settings,
  rules: { rows: [] },
  memory: { endpoint: 'we_1' },
  version: 3,
  rejectedCalls: ['quote'],
  problems: {},
};

describe('a connection for one request', () => {
  it('is the connection with the number and the time of the request', () => {
    const budget = new CallBudget(5_000);
    const bound = bindToRequest(connection, 'shop-1', budget);
    expect(bound).toMatchObject({ ...connection, budget, request: 'shop-1' });
    expect(bound.settings).toBe(settings);
  });

  it('keeps the time that it was read for, when no other is named', () => {
    const budget = new CallBudget(5_000);
    expect(bindToRequest({ ...connection, budget }, undefined).budget).toBe(budget);
  });

  it('does not read the settings, which may no longer fit', () => {
    const unfit: Connection = {
      ...connection,
      get settings(): object {
        throw new Error('they do not fit');
      },
    };
    const bound = bindToRequest(unfit, 'shop-1');
    expect(bound.version).toBe(3);
    expect(() => bound.settings).toThrow('they do not fit');
  });
});

describe('the name of a connection', () => {
  it('is the module of a first instance, and names a further one', () => {
    expect(nameConnection(connection)).toBe('Courier: Madrid');
    expect(nameConnection({ ...connection, account: { ...connection.account, language: 'es' } })).toBe('Mensajería: Madrid');
    expect(nameConnection({ ...connection, code: 'courier' })).toBe('Courier');
    expect(nameConnection({ ...connection, name: null })).toBe('Courier');
  });
});
