import { describe, expect, it } from '@jest/globals';
import type { Connection } from '#connections';
import type { Providers } from '#integration-kit';
import type { RestoredGap } from '#reconciliation';
import { PaymentLookup } from './payment-lookup.js';
import type { StoredPayment } from './payment-rows.js';
import type { PaymentStore } from './payment-store.js';
import type { PaymentProvider, PaymentState } from './port/index.js';

const CONNECTION = { id: 'c-1' } as Connection;

/**
 * A lookup at a gateway that finds `found`, or cannot search. Also returns the calls the gateway received.
 */
function makeLookup(found: PaymentState | undefined | 'cannot search', { isOpen = true, recovery = 'none' } = {}) {
  const calls: unknown[] = [];
  const gateway = {
    find: (reference: string) => Promise.resolve(calls.push(['find', reference]) && found),
    get: (payment: object) => Promise.resolve(calls.push(['get', payment]) && { status: 'pending' }),
  };
  const providers = {
    has: () => found !== 'cannot search',
    getManifest: () => ({ recovery: { kind: recovery } }),
    call: (_connection: Connection, _name: string, work: (provider: typeof gateway, context: object) => unknown) => work(gateway, {}),
  } as unknown as Providers<PaymentProvider>;
  const store = {
    toExisting: (_connection: Connection, { row }: StoredPayment) => ({
      id: row.id,
      memory: { year: '2026', page: 'old' },
      externalId: 'old',
    }),
  } as unknown as PaymentStore;
  const gap = { isOpen: () => Promise.resolve(isOpen) } as unknown as RestoredGap;
  return { calls, lookup: new PaymentLookup(providers, store, gap) };
}

const stored = (status: string, externalId: string | null = null): StoredPayment =>
  ({ row: { id: 'p-1', status, externalId }, refunds: [] }) as never;

describe('a payment after a restore', () => {
  it('is found by our reference, and read by the ids that were found', async () => {
    const { calls, lookup } = makeLookup({ status: 'pending', externalId: 'new', memory: { page: 'new' } });
    const memory = { year: '2026', page: 'new' };
    expect(await lookup.read(CONNECTION, stored('pending'))).toEqual({
      isFound: true,
      state: { status: 'pending', externalId: 'new', memory },
    });
    expect(calls).toEqual([
      ['find', 'p-1'],
      ['get', { id: 'p-1', externalId: 'new', memory }],
    ]);
  });

  it.each([
    ['was paid before', 'succeeded', true],
    ['is unpaid, and its shop was compared', 'pending', false],
  ])('is only read if it %s', async (_name, status, isOpen) => {
    const { calls, lookup } = makeLookup({ status: 'succeeded' }, { isOpen });
    expect(await lookup.read(CONNECTION, stored(status, 'old'))).toEqual({ isFound: false, state: { status: 'pending' } });
    expect(calls).toEqual([['get', expect.objectContaining({ externalId: 'old' })]]);
  });

  it('is lost if its id at the gateway is missing and the gateway cannot search', async () => {
    const isLost = (given: ReturnType<typeof makeLookup>, row = stored('pending').row): Promise<boolean> =>
      given.lookup.isLost(CONNECTION, row);
    expect(await isLost(makeLookup('cannot search'))).toBe(true);
    expect(await isLost(makeLookup(undefined))).toBe(false);
    expect(await isLost(makeLookup('cannot search', { isOpen: false }))).toBe(false);
    expect(await isLost(makeLookup('cannot search', { recovery: 'local' }))).toBe(false);
    expect(await isLost(makeLookup('cannot search'), stored('pending', 'known').row)).toBe(false);
    expect(await isLost(makeLookup('cannot search'), stored('succeeded').row)).toBe(false);
  });
});
