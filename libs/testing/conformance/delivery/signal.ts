import { expect, it } from '@jest/globals';
import type { ExistingDelivery } from '#delivery/port';
import { ProviderError } from '#provider-kit';
import { attempt, orError } from '../provider/index.js';
import type { DeliverySuite } from './suite.js';

/** Tests that nothing is done after the signal of a call has ended. */
export function testSignal<S extends object>(suite: DeliverySuite<S>): void {
  it('a call with an ended signal fails with unavailable and does nothing', async () => {
    const { provider, context, manifest } = suite;
    const delivery = await suite.register();
    const [reference, shipmentReference] = [suite.newReference(), suite.newReference()];
    const calls = listCalls(suite, delivery, reference, shipmentReference);
    for (const [name, call] of Object.entries(calls))
      await attempt(`${name} with an ended signal`, async () => {
        const result = await orError(call, suite.subject);
        // A provider that waits for no outside service may reply nevertheless.
        if (!suite.isLocal()) expect(result).toMatchObject({ kind: 'unavailable' });
        else if (result instanceof ProviderError) expect(result.kind).toBe('unavailable');
      });
    if (suite.isLocal()) return;
    if (provider.find) await expect(provider.find(reference, context)).resolves.toBeUndefined();
    if (provider.findShipment) await expect(provider.findShipment(shipmentReference, context)).resolves.toBeUndefined();
    if (provider.get) expect((await provider.get(delivery, context)).status).not.toBe(manifest.cancelledStatus);
  });
}

/** Lists the calls that the provider has, by name. Their signal has ended. */
function listCalls<S extends object>(
  suite: DeliverySuite<S>,
  delivery: ExistingDelivery,
  reference: string,
  shipmentReference: string,
): Record<string, () => Promise<unknown>> {
  const { provider, manifest, subject } = suite;
  const gone = { ...suite.context, signal: AbortSignal.abort() };
  const form = manifest.forms.find(({ entity }) => entity === 'order')?.code;
  const edited = subject.edit?.(delivery.request);
  const shipment = provider.saveShipment && subject.shipment?.(shipmentReference, [delivery]);
  return {
    calculate: () => provider.calculate(subject.quote, gone),
    save: () => provider.save(suite.newRequest(reference), gone),
    ...(edited && { 'save of a change': () => provider.save(edited, gone, delivery) }),
    ...(provider.find && { find: async () => provider.find?.(reference, gone) }),
    ...(provider.get && { get: async () => provider.get?.(delivery, gone) }),
    ...(provider.cancel && { cancel: async () => provider.cancel?.(delivery, gone) }),
    ...(provider.print &&
      form !== undefined && { print: async () => provider.print?.({ entity: 'order', form, deliveries: [delivery] }, gone) }),
    ...(provider.listPickupPoints && { listPickupPoints: async () => provider.listPickupPoints?.({}, gone) }),
    ...(provider.listTariffs && { listTariffs: async () => provider.listTariffs?.(gone) }),
    ...(provider.track && { track: async () => provider.track?.([delivery], gone) }),
    ...(shipment && { saveShipment: async () => provider.saveShipment?.(shipment, gone) }),
    ...(provider.findShipment && { findShipment: async () => provider.findShipment?.(shipmentReference, gone) }),
  };
}
