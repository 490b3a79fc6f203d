import { isDeepStrictEqual } from 'node:util';
import type { ExistingShipment, SavedDelivery, SaveRequest, ShipmentRequest } from '#delivery/port';
import type { ProviderContext } from '#provider-kit';
import { existingShipment } from '../../builders.js';
import { type Effect, recoverBy } from '../lost-calls.js';
import { DECISION_DAY, registerMoving } from './decide.js';
import { buildShipment } from './shipment.js';
import type { OptionalDeliveryMethod } from './subject.js';
import type { DeliverySuite } from './suite.js';

type DeliveryEffect<S extends object> = Effect<S> & { method?: OptionalDeliveryMethod };

/** Lists the calls of a provider that act at the service. */
export function listEffects<S extends object>(suite: DeliverySuite<S>): Effect<S>[] {
  const effects = [...listSaves(suite), ...listCancellations(suite), ...listShipmentEffects(suite)];
  return effects.filter(({ method }) => method === undefined || suite.has(method));
}

function listSaves<S extends object>(suite: DeliverySuite<S>): DeliveryEffect<S>[] {
  return [
    {
      name: 'save of a new order',
      makes: 1,
      get leastCalls() {
        return suite.manifest.strategies?.includes('create-then-buy') ? 2 : 1;
      },
      prepare: () => {
        const sent = { request: suite.newRequest(), at: new Date() };
        const { request } = sent;
        const recover = recoverBy(
          suite.manifest.recovery,
          suite.provider.find && (async () => suite.provider.find?.(request.reference, suite.context, sent)),
        );
        return Promise.resolve({
          ...{ recover, act: (given) => suite.provider.save(request, given) },
          repeat: async () => (await suite.provider.save(request, suite.context)).externalId,
        });
      },
    },
    {
      name: 'save of a change',
      isAbsent: () => suite.getEdit() === undefined,
      // The service may not have other fields at all.
      get mayBeLocal() {
        const list = ({ recipient, to, from, parcels, tariff }: SaveRequest): unknown[] => [recipient, to, from, parcels, tariff];
        const request = suite.newRequest();
        return isDeepStrictEqual(list(suite.getEdit()?.(request) ?? request), list(request));
      },
      prepare: async () => {
        const existing = await suite.register();
        const request = suite.getEdit()?.(existing.request) ?? existing.request;
        const act = (given: ProviderContext<S>): Promise<SavedDelivery> => suite.provider.save(request, given, existing);
        return { act, repeat: async () => (await act(suite.context)).externalId };
      },
    },
  ];
}

function listCancellations<S extends object>(suite: DeliverySuite<S>): DeliveryEffect<S>[] {
  return [
    {
      ...{ name: 'cancel', method: 'cancel' },
      prepare: async () => {
        const existing = await suite.register();
        const act = async (given: ProviderContext<S>): Promise<void> => suite.provider.cancel?.(existing, given);
        const { get } = suite.provider;
        return {
          ...{ act, repeat: async () => (await act(suite.context), existing.externalId) },
          ...(get && {
            isDone: async () => (await get.call(suite.provider, existing, suite.context)).status === suite.manifest.cancelledStatus,
          }),
        };
      },
    },
    {
      ...{ name: 'decide', method: 'decide' },
      prepare: async () => {
        const delivery = await registerMoving(suite);
        const decision = { kind: 'deliver', date: DECISION_DAY, time: { from: '09:00', to: '18:00' } } as const;
        const act = async (given: ProviderContext<S>): Promise<void> => suite.provider.decide?.(delivery, decision, given);
        return { act, repeat: async () => (await act(suite.context), delivery.externalId) };
      },
    },
    {
      ...{ name: 'decide of a return from the buyer', method: 'decide', makes: 1 },
      isAbsent: () => !suite.manifest.decisions?.includes('clientReturn') || !suite.subject.outcomes?.handOver,
      prepare: async () => {
        const delivery = await registerMoving(suite);
        await suite.subject.outcomes?.handOver?.(delivery);
        const act = async (given: ProviderContext<S>): Promise<void> => suite.provider.decide?.(delivery, { kind: 'clientReturn' }, given);
        return { act, repeat: async () => (await act(suite.context), delivery.externalId) };
      },
    },
    {
      ...{ name: 'cancel of a delivery on its way', method: 'cancel', mayBeRefused: true },
      isAbsent: () => !suite.subject.webhook,
      prepare: async () => {
        const delivery = await suite.register();
        await suite.subject.webhook?.make(delivery);
        const act = async (given: ProviderContext<S>): Promise<void> => suite.provider.cancel?.(delivery, given);
        return { act, repeat: async () => (await act(suite.context), delivery.externalId) };
      },
    },
  ];
}

function listShipmentEffects<S extends object>(suite: DeliverySuite<S>): DeliveryEffect<S>[] {
  return [
    {
      ...{ name: 'saveShipment', method: 'saveShipment', makes: 1 },
      prepare: async () => {
        const request = await newShipment(suite);
        const find = suite.provider.findShipment && (async () => suite.provider.findShipment?.(request.reference, suite.context, request));
        const act = async (given: ProviderContext<S>): Promise<string> =>
          (await suite.provider.saveShipment?.(request, given))?.externalId ?? '';
        return { act, recover: recoverBy(suite.manifest.recovery, find), repeat: () => act(suite.context) };
      },
    },
    {
      ...{ name: 'saveShipment of a change', method: 'saveShipment' },
      prepare: async () => {
        const existing = await ship(suite);
        const request = { ...existing.request, comment: 'changed' };
        const act = async (given: ProviderContext<S>): Promise<string> =>
          (await suite.provider.saveShipment?.(request, given, existing))?.externalId ?? '';
        return { act, repeat: () => act(suite.context) };
      },
    },
    {
      ...{ name: 'cancelShipment', method: 'cancelShipment' },
      prepare: async () => {
        const existing = await ship(suite);
        const act = async (given: ProviderContext<S>): Promise<void> => suite.provider.cancelShipment?.(existing, given, {});
        return { act, repeat: async () => (await act(suite.context), existing.externalId) };
      },
    },
  ];
}

async function newShipment<S extends object>(suite: DeliverySuite<S>): Promise<ShipmentRequest> {
  return buildShipment(suite, [await suite.register()]);
}

async function ship<S extends object>(suite: DeliverySuite<S>): Promise<ExistingShipment> {
  const request = await newShipment(suite);
  const saved = (await suite.provider.saveShipment?.(request, suite.context)) ?? { externalId: '' };
  await suite.settle();
  return existingShipment(saved, request);
}
