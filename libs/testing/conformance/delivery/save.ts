import { isDeepStrictEqual } from 'node:util';
import { expect, it } from '@jest/globals';
import { countPieces, toPieceAmount, type SaveRequest } from '#delivery/port';
import { attempt } from '../provider/index.js';
import { readFigures, toContents, toFigures } from './figures.js';
import type { DeliverySuite } from './suite.js';

const OTHER_CONNECTION = '0190f0e0-0000-7000-8000-00000000000b';

/** Tests the check of addresses. */
export function testAddresses<S extends object>(suite: DeliverySuite<S>): void {
  it('accepts or corrects the address of an order that it registers', async () => {
    const { to = {} } = suite.newRequest();
    expect(['accepted', 'corrected']).toContain((await suite.provider.checkAddress?.(to, suite.context))?.result);
  });

  it('rejects an address that it does not serve, with reasons', async () => {
    const { to = {} } = suite.subject.unserved;
    const judged = await suite.provider.checkAddress?.(to, suite.context);
    expect(judged).toEqual({ result: 'rejected', reasons: expect.arrayContaining([expect.objectContaining({ en: expect.any(String) })]) });
  });
}

/** Tests that a save makes one delivery for one reference. */
export function testSave<S extends object>(suite: DeliverySuite<S>): void {
  it('a save returns an id, a status of the manifest that is not final, and a price in the currency of the order', async () => {
    const request = suite.newRequest();
    const saved = await suite.provider.save(request, suite.context);
    suite.checkSaved(saved, request);
    // The product takes a price in another currency for a wrong reply.
    if (saved.cost && request.currency) expect(saved.cost.currency).toBe(request.currency);
    expect(suite.manifest.statuses.find(({ code }) => code === saved.status)).not.toMatchObject({ isFinal: true });
    expect(saved.status).not.toBe(suite.manifest.cancelledStatus);
    await suite.settle();
  });

  it('another reference makes another delivery', async () => {
    const [first, second] = [await suite.register(), await suite.register()];
    expect(first.externalId).not.toBe(second.externalId);
    if (suite.manifest.trackNumber && first.trackNumber !== undefined) expect(first.trackNumber).not.toBe(second.trackNumber);
  });

  it('two accounts that share a contract do not find each other’s deliveries', async () => {
    if (!suite.subject.mayShareContract)
      return suite.leaveOpen('accounts that share a contract do not find each other’s deliveries', 'mayShareContract');
    const request = suite.newRequest();
    const other = { ...suite.context, connectionId: OTHER_CONNECTION };
    const theirs = await suite.provider.save(request, other);
    await suite.settle();
    if (suite.provider.find) expect(await suite.provider.find(request.reference, suite.context)).toBeUndefined();
    const ours = await suite.provider.save(request, suite.context);
    await suite.settle();
    expect(ours.externalId).not.toBe(theirs.externalId);
    if (suite.provider.find) expect((await suite.provider.find(request.reference, other))?.externalId).toBe(theirs.externalId);
  });

  it('a repeated save with the same reference makes no second delivery if the recovery needs that', async () => {
    const request = suite.newRequest();
    const first = await suite.provider.save(request, suite.context);
    if (!['find', 'idempotency-key'].includes(suite.manifest.recovery.kind)) return;
    const again = await suite.provider.save(request, suite.context);
    expect(again.externalId).toBe(first.externalId);
    await suite.settle();
    const later = await suite.provider.save(request, suite.context);
    expect(later.externalId).toBe(first.externalId);
    suite.checkSaved(later, request);
  });
}

/** Tests that the number of the buyer's document is sent. */
export function testDocument<S extends object>(suite: DeliverySuite<S>): void {
  it('the number of the buyer’s document reaches the service', async () => {
    if (!suite.manifest.recipientDocument) return;
    if (!suite.subject.document) return suite.leaveOpen('the number of the buyer’s document reaches the service', 'document()');
    const request = suite.newRequest();
    await suite.provider.save({ ...request, recipient: { ...request.recipient, document: '8501014455' } }, suite.context);
    expect(await suite.subject.document()).toBe('8501014455');
  });
}

/** Tests that a change keeps the delivery. */
export function testEdit<S extends object>(suite: DeliverySuite<S>): void {
  it('a change keeps the delivery and reaches the service, or is rejected', async () => {
    const edit = suite.getEdit();
    const existing = await suite.register();
    if (!edit) {
      const recipient = { ...existing.request.recipient, name: 'Another Person', phone: '+14155550199' };
      const error = await suite.catchFailure(suite.provider.save({ ...existing.request, recipient }, suite.context, existing));
      return expect(['invalid', 'rejected']).toContain(error.kind);
    }
    const request = edit(existing.request);
    const saved = await suite.provider.save(request, suite.context, existing);
    suite.checkSaved(saved, request);
    expect(saved.externalId).toBe(existing.externalId);
    await suite.settle();
    const expected = suite.getExpected().save ?? {};
    const told = await readFigures(expected);
    const right = toFigures(expected, request, told);
    expect(told).toEqual(right);
    if (isDeepStrictEqual(right, toFigures(expected, existing.request, told)))
      suite.leaveOpen('a change reaches the service', 'edit() a change of something in expected.save, such as its recipient');
    const again = await suite.provider.save(request, suite.context, { ...existing, request });
    expect(again.externalId).toBe(existing.externalId);
    if (suite.provider.find) expect((await suite.provider.find(existing.reference, suite.context))?.externalId).toBe(existing.externalId);
  });
}

/** Tests that orders beyond the manifest are rejected. */
export function testSaveLimits<S extends object>(suite: DeliverySuite<S>): void {
  it('cash and several packages are rejected if the manifest does not offer them', async () => {
    const { cod, packages } = suite.manifest;
    const request = suite.newRequest();
    const collect = { currency: request.currency ?? 'EUR', goods: 10_00, delivery: 0, total: 10_00, perItem: [[10_00]] };
    const [parcel] = request.parcels;
    const beyond: [boolean, string, Partial<SaveRequest>][] = [
      [cod, 'cash to be collected (the manifest has cod: false)', { collect }],
      [packages, 'two packages (the manifest has packages: false)', { parcels: parcel ? [parcel, { ...parcel, packageId: '2' }] : [] }],
    ];
    for (const [isOffered, what, change] of beyond)
      if (!isOffered)
        await attempt(`save of an order with ${what}`, async () => {
          const error = await suite.catchFailure(
            suite.provider.save({ ...request, ...change, reference: suite.newReference() }, suite.context),
          );
          expect(['invalid', 'rejected']).toContain(error.kind);
        });
  });
}

/** Tests the declaration to customs. */
export function testCustoms<S extends object>(suite: DeliverySuite<S>): void {
  it('customs receive the value and the number of all pieces', async () => {
    const { customs } = suite.subject;
    if (customs === undefined) return suite.leaveOpen('value and number of pieces at customs', "customs, or customs: 'none'");
    if (customs === 'none') return;
    const request = suite.newRequest();
    const [first, ...others] = request.parcels;
    if (!first) throw new Error('the sample of an order needs a parcel');
    const items = first.items.flatMap((item) => [item, { ...item, quantity: 3 }]);
    const currency = request.currency ?? '';
    await suite.provider.save({ ...request, to: customs.to, parcels: [{ ...first, items }, ...others] }, suite.context);
    const all = [...items, ...others.flatMap((parcel) => parcel.items)];
    const value = all.reduce((sum, item) => sum + toPieceAmount(item, item.cost) * countPieces(item), 0);
    const told = await customs.declared();
    expect(told).toEqual({
      value: { minor: value, currency },
      ...toContents(told, [{ weight: 0, items: all }], suite.getExpected().save?.step?.grams),
    });
    if (told.pieces === undefined || told.grams === undefined)
      suite.leaveOpen('weight and number of pieces at customs', 'pieces and grams of customs.declared()');
  });
}

/** Tests that odd orders fail plainly. */
export function testOddOrders<S extends object>(suite: DeliverySuite<S>): void {
  it('an odd order is saved or fails with invalid or rejected', async () => {
    const request = suite.newRequest();
    const odd: Partial<SaveRequest>[] = [
      { tariff: 'no-such-tariff' },
      { to: {} },
      { to: undefined, from: undefined },
      { recipient: {} },
      { recipient: { name: 'Ñ'.repeat(500), phone: 'not a number', email: '@' } },
      { parcels: [{ weight: 1_000_000_000, items: [] }] },
      { collect: { currency: 'XTS', goods: 0, delivery: 1, total: 1, perItem: [] } },
      { currency: 'XTS' },
      { extraData: { nothing: ['known'], ['__proto__']: 'x' } },
    ];
    for (const change of odd)
      await attempt(`save of an order with ${JSON.stringify(change)}`, async () => {
        const saving = suite.provider.save({ ...request, ...change, reference: suite.newReference() } as SaveRequest, suite.context);
        const saved = await suite.orProviderError(saving, undefined, ['invalid', 'rejected']);
        if (change.tariff !== undefined) expect(saved).toBeUndefined();
      });
  });
}
