import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '#connections';
import type { InboxService } from '#inbox';
import type { Providers } from '#integration-kit';
import type { JobQueue, Transaction } from '#platform';
import type { PaymentStatesService } from './payment-states.service.js';
import { PaymentWebhooksService } from './payment-webhooks.service.js';
import type { PaymentProvider } from './port/index.js';

const OURS = 'a0000000-0000-4000-8000-000000000001';

/** How payments were looked up, and wake-ups, in order. */
let log: unknown[];
let isLong: boolean;
let webhooks: PaymentWebhooksService;

/** Applies an event and commits. */
async function apply(event: { reference?: string; externalId?: string }): Promise<unknown[]> {
  const following: (() => void)[] = [];
  const tx = { afterCommit: (work: () => void) => following.push(work) } as unknown as Transaction;
  await webhooks.handlers['payment.event'](tx, { id: 'c-1', request: 'r-1' } as Connection, event);
  log.push('commit');
  for (const work of following) work();
  return log;
}

beforeEach(() => {
  [log, isLong] = [[], false];
  const markDue = (_tx: Transaction, _connection: Connection, by: { id?: string; externalId?: string }): Promise<string | undefined> => {
    log.push(by);
    return Promise.resolve(by.id === OURS || by.externalId === 'g-1' ? OURS : undefined);
  };
  webhooks = new PaymentWebhooksService(
    {} as Providers<PaymentProvider>,
    {} as InboxService,
    { markDue } as unknown as PaymentStatesService,
    { isLong: () => isLong, wake: (_job: object, data: object) => log.push(data) } as unknown as JobQueue,
  );
});

describe('an event of a gateway', () => {
  it('marks its payment as due and wakes a reading after the commit', async () => {
    expect(await apply({ reference: OURS, externalId: 'g-2' })).toEqual([{ id: OURS }, 'commit', { paymentId: OURS, request: 'r-1' }]);
  });

  it('finds its payment by the id of the gateway if the reference is not ours', async () => {
    expect(await apply({ reference: 'another', externalId: 'g-1' })).toEqual([
      { externalId: 'g-1' },
      'commit',
      { paymentId: OURS, request: 'r-1' },
    ]);
  });

  it('wakes no reading of an unknown payment', async () => {
    expect(await apply({ externalId: 'g-2' })).toEqual([{ externalId: 'g-2' }, 'commit']);
  });

  it('leaves the reading to the poll while jobs pile up', async () => {
    isLong = true;
    expect(await apply({ reference: OURS })).toEqual([{ id: OURS }, 'commit']);
  });
});
