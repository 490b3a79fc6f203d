import { expect, it } from '@jest/globals';
import type { ExistingDelivery, ExistingShipment, ShipmentRequest } from '#delivery/port';
import type { ProviderError } from '#provider-kit';
import { existingShipment } from '../../builders.js';
import { MemoryCache } from '../../memory-cache.js';
import { pdfPages } from '../../pdf.js';
import { extraDataProblems } from './checks.js';
import { readFigures, toFigures } from './figures.js';
import { UNCHECKED_MS, type DeliverySuite } from './suite.js';

/** Builds the request for a new shipment. */
export function buildShipment<S extends object>(suite: DeliverySuite<S>, deliveries: ExistingDelivery[]): ShipmentRequest {
  const { subject } = suite;
  if (subject.shipment === undefined) throw new Error('the subject needs shipment(): the provider has saveShipment');
  return subject.shipment(suite.newReference(), deliveries);
}

/** Saves a shipment of two new deliveries, checks the reply and what the service received. */
async function ship<S extends object>(suite: DeliverySuite<S>): Promise<ExistingShipment> {
  const request = buildShipment(suite, [await suite.register(), await suite.register()]);
  const saved = await suite.provider.saveShipment?.(request, suite.context);
  expect(saved?.externalId).toEqual(expect.stringMatching(/\S/));
  expect(extraDataProblems(saved?.extraData, suite.manifest.shipmentDataFields)).toEqual([]);
  const { shipment: expected } = suite.getExpected();
  if (expected) {
    const parcels = request.deliveries.flatMap((delivery) => delivery.request.parcels);
    const told = await readFigures(expected);
    expect(told).toEqual(toFigures(expected, { parcels, extraData: {} }, told));
  } else
    suite.leaveOpen(
      'the weight of a shipment',
      'expected.shipment.weightGrams, or expected.shipment: {} if the service does not receive it',
    );
  await suite.settle();
  return existingShipment(saved ?? { externalId: '' }, request);
}

/** Tests that a shipment is made once, and found again. */
export function testShipments<S extends object>(suite: DeliverySuite<S>): void {
  it('a repeated save with the same reference makes no second shipment, and a change keeps the shipment', async () => {
    const existing = await ship(suite);
    if (['find', 'idempotency-key'].includes(suite.manifest.recovery.kind)) {
      expect((await suite.provider.saveShipment?.(existing.request, suite.context))?.externalId).toBe(existing.externalId);
    }
    const fewer = { ...existing.request, deliveries: existing.request.deliveries.slice(0, 1), comment: 'changed' };
    expect((await suite.provider.saveShipment?.(fewer, suite.context, existing))?.externalId).toBe(existing.externalId);
  });

  if (suite.has('findShipment')) {
    it('findShipment returns the shipment of the reference, and undefined for a reference that was never sent', async () => {
      const existing = await ship(suite);
      expect((await suite.provider.findShipment?.(existing.request.reference, suite.context))?.externalId).toBe(existing.externalId);
      await expect(suite.provider.findShipment?.(suite.newReference(), suite.context)).resolves.toBeUndefined();
    });

    it('findShipment does not return another shipment of the same delivery', async () => {
      const request = buildShipment(suite, [await suite.register()]);
      await suite.provider.saveShipment?.(request, suite.context);
      await suite.settle();
      const forgetful = { ...suite.context, cache: new MemoryCache() };
      await expect(suite.provider.findShipment?.(suite.newReference(), forgetful, request)).resolves.toBeUndefined();
    });
  }

  it('a shipment that the service still checks is not reported as done', async () => {
    for (const ms of UNCHECKED_MS) {
      const request = buildShipment(suite, [await suite.register()]);
      await suite.actUnchecked(ms, async (given) => suite.provider.saveShipment?.(request, given));
      if (!suite.has('cancelShipment')) continue;
      const existing = await ship(suite);
      await suite.actUnchecked(ms, async (given) => suite.provider.cancelShipment?.(existing, given, {}));
    }
  });
}

/** Tests that shipments are canceled and printed. */
export function testShipmentEnds<S extends object>(suite: DeliverySuite<S>): void {
  if (suite.has('cancelShipment')) {
    it('a second cancellation of a shipment succeeds', async () => {
      const existing = await ship(suite);
      await expect(suite.provider.cancelShipment?.(existing, suite.context, {})).resolves.toBeUndefined();
      await expect(suite.provider.cancelShipment?.(existing, suite.context, {})).resolves.toBeUndefined();
    });

    it('a cancellation of a shipment that the service rejects fails with rejected', async () => {
      if (!suite.subject.whileShipmentCancelRefused)
        return suite.leaveOpen('a rejected cancellation of a shipment is not a success', 'whileShipmentCancelRefused');
      for (const isInReply of [false, true]) {
        const existing = await ship(suite);
        const cancel = (): Promise<ProviderError> => suite.catchFailure(suite.provider.cancelShipment?.(existing, suite.context, {}));
        expect((await suite.subject.whileShipmentCancelRefused(cancel, existing, isInReply)).kind).toBe('rejected');
      }
    });
  }

  if (suite.has('print')) {
    it('each form of shipments is printed', async () => {
      const forms = suite.manifest.forms.filter(({ entity }) => entity === 'shipment');
      const shipments = forms.length === 0 ? [] : [await ship(suite), await ship(suite)].slice(0, suite.manifest.printLimit);
      for (const { code } of forms) {
        const pdf = (await suite.provider.print?.({ entity: 'shipment', form: code, shipments }, suite.context)) ?? new Uint8Array();
        expect(pdfPages(pdf).length).toBeGreaterThanOrEqual(shipments.length);
      }
    });
  }
}
