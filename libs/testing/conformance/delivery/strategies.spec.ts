import { expect, it } from '@jest/globals';
import type { DeliveryProvider, SavedDelivery, SaveRequest } from '#delivery/port';
import { createThenBuy, ProviderError } from '#provider-kit';
import { providerContext, saveRequest } from '../../builders.js';
import { sampleOrder } from '../../sample-orders.js';
import { testChangeBeforePurchase } from './strategies.js';
import type { DeliverySubject } from './subject.js';
import { DeliverySuite } from './suite.js';

interface Label {
  id: string;
  request: SaveRequest;
  isPaid: boolean;
}

/** A service whose labels are created for free. Each order is compared before it is paid for, or none. */
async function openSuite(isCompared: boolean): Promise<DeliverySuite<object>> {
  const labels: Label[] = [];
  let isLost = false;
  const orders = createThenBuy<SaveRequest, Label, unknown>({
    find: (reference) => Promise.resolve(labels.findLast(({ request }) => request.reference === reference)),
    isBought: ({ isPaid }) => isPaid,
    ...(isCompared && { isStillWanted: (found, request) => found.request.recipient.name === request.recipient.name }),
    create: async (request) => {
      const made = { id: `l-${labels.length + 1}`, request, isPaid: false };
      labels.push(made);
      if (isLost) throw new ProviderError('unknown_outcome', 'The reply was lost');
      return Promise.resolve(made);
    },
    buy: (found) => Promise.resolve(Object.assign(found, { isPaid: true })),
  });
  const toSaved = ({ id }: Label): SavedDelivery => ({ externalId: id, status: 'registered' });
  const manifest = { settings: class {}, statuses: [] };
  const provider = {
    manifest,
    save: async (request: SaveRequest, context: unknown) => toSaved(await orders.save(request, context)),
    async find(reference: string, context: unknown) {
      const found = await orders.find(reference, context);
      return found && toSaved(found);
    },
  };
  const subject: Partial<DeliverySubject<object>> = {
    provider: provider as unknown as DeliveryProvider,
    context: providerContext({}),
    save: (reference, order) => saveRequest(reference, 'express', sampleOrder('madridCourier', { order })),
    faults: {
      made: () => labels.filter(({ isPaid }) => isPaid).length,
      lose: (_, work) => {
        isLost = true;
        return work().finally(() => (isLost = false));
      },
    },
    expected: { save: { recipient: () => labels.findLast(({ isPaid }) => isPaid)?.request.recipient ?? {} } },
  };
  const suite = new DeliverySuite<object>('labels', {
    methods: ['find'],
    start: () => Promise.resolve(subject as DeliverySubject<object>),
  });
  await suite.start();
  return suite;
}

it('buys an order that was changed after a lost reply', () =>
  expect(openSuite(true).then(testChangeBeforePurchase)).resolves.toBeUndefined());

it('notices that the order before the change is bought', () =>
  expect(openSuite(false).then(testChangeBeforePurchase)).rejects.toThrow('Another Person'));
