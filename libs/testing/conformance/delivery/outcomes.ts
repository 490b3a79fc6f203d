import { expect, it } from '@jest/globals';
import type { CarrierReport, ExistingDelivery, RelatedParcel, SaveRequest } from '#delivery/port';
import { isDate } from './checks.js';
import type { DeliverySuite } from './suite.js';

/** Tests reports about money, the items taken and parcels that come back. */
export function testOutcomes<S extends object>(suite: DeliverySuite<S>): void {
  it('collected money is in whole minor units of its currency', async () => {
    if (!suite.manifest.cod) return;
    const { handOver } = suite.subject.outcomes ?? {};
    if (!handOver) return suite.leaveOpen('the money that the carrier collected is reported', 'outcomes.handOver');
    const delivery = await suite.register(owing(suite));
    const taken = await handOver(delivery);
    const { collected } = await readLatest(suite, delivery);
    expect(collected).toMatchObject({ total: taken.minor, currency: taken.currency });
    expect([collected].filter((money) => !Number.isSafeInteger(money?.total))).toEqual([]);
    expect(collected?.currency).toMatch(/^[A-Z]{3}$/);
    expect([collected?.at].filter((at) => at !== undefined && !isDate(at))).toEqual([]);
  });

  it('items taken in part are positions of the request, and the rest comes back once', async () => {
    if (!suite.manifest.statuses.some(({ isPartial }) => isPartial)) return;
    const { takeOne, bringBack } = suite.subject.outcomes ?? {};
    if (!takeOne || !bringBack) return suite.leaveOpen('a delivery in part and its return are reported', 'outcomes.takeOne and bringBack');
    const delivery = await suite.register(owing(suite));
    await takeOne(delivery);
    const { code, delivered = [], related = [] } = await readLatest(suite, delivery);
    expect(suite.manifest.statuses.find((status) => status.code === code)).toMatchObject({ isPartial: true });
    expect(delivered).toEqual([{ parcel: 0, item: 0, quantity: 1 }]);
    const { parcels } = delivery.request;
    expect(delivered.filter(({ parcel, item }) => parcels[parcel]?.items[item] === undefined)).toEqual([]);
    expect(related).toMatchObject([{ state: 'going' }]);
    await bringBack(delivery);
    const back = (await readLatest(suite, delivery)).related ?? [];
    expect(back).toMatchObject([{ state: 'back', externalId: related[0]?.externalId }]);
    const later = { ...delivery, related: back, ...(code !== undefined && { status: code }) };
    expect(listStates((await readLatest(suite, later)).related ?? back)).toEqual(listStates(back));
  });

  it('the numbers of packages are in the order of the request', async () => {
    const [first] = suite.newRequest().parcels;
    if (!suite.manifest.packages || !first) return;
    const delivery = await suite.register({
      ...suite.newRequest(),
      parcels: [first, { ...first, weight: first.weight + 100, packageId: '2' }],
    });
    const reports = (await suite.provider.track?.([delivery], suite.context)) ?? [];
    const parcels = reports.findLast((report) => report.parcels)?.parcels ?? delivery.parcels;
    if (!parcels) return suite.leaveOpen('each package has its number', 'parcels of a report');
    expect(parcels).toHaveLength(2);
    expect(parcels.filter((parcel) => Object.values(parcel).every((value) => value === undefined))).toEqual([]);
  });

  if (suite.has('listRegisters')) testRegisters(suite);
}

function testRegisters<S extends object>(suite: DeliverySuite<S>): void {
  it('a register contains its deliveries, and its rows add up', async () => {
    const { handOver, payOut } = suite.subject.outcomes ?? {};
    if (!handOver || !payOut) return suite.leaveOpen('payouts are reported', 'outcomes.handOver and payOut');
    const delivery = await suite.register(owing(suite));
    const taken = await handOver(delivery);
    const day = await payOut(delivery);
    const registers = (await suite.provider.listRegisters?.(day, suite.context)) ?? [];
    const of = registers.find(({ rows }) => rows.some((row) => isOf(delivery, row)));
    expect(of).toMatchObject({ kind: 'payout', date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), currency: taken.currency });
    expect(of?.rows.find((row) => isOf(delivery, row))).toMatchObject({ kind: 'sale', gross: taken.minor });
    expect(of?.total).toBe(of?.rows.reduce((sum, { net }) => sum + net, 0));
    for (const { gross, fees, net } of of?.rows ?? []) expect(net).toBe(fees.reduce((rest, { minor }) => rest - minor, gross));
    expect(new Set(registers.map(({ id }) => id)).size).toBe(registers.length);
    expect(await suite.provider.listRegisters?.(day, suite.context)).toEqual(registers);
    expect(await suite.provider.listRegisters?.('2001-02-03', suite.context)).toEqual([]);
  });
}

function isOf(delivery: ExistingDelivery, row: { externalId?: string; trackNumber?: string; reference?: string }): boolean {
  if (row.externalId !== undefined) return row.externalId === delivery.externalId;
  return row.trackNumber === undefined ? row.reference === delivery.reference : row.trackNumber === delivery.trackNumber;
}

/** An order that owes its price, with two units of its first item. */
function owing<S extends object>(suite: DeliverySuite<S>): SaveRequest {
  const request = suite.newRequest();
  const [parcel, ...others] = request.parcels;
  const [item, ...rest] = parcel?.items ?? [];
  if (!parcel || !item) throw new Error('the sample of an order needs a parcel with an item');
  const parcels = [{ ...parcel, items: [{ ...item, quantity: 2 }, ...rest] }, ...others];
  const perItem = parcels.map(({ items }, at) => items.map((_, index) => (at === 0 && index === 0 ? 200_00 : 0)));
  return { ...request, parcels, collect: { currency: request.currency ?? '', goods: 200_00, delivery: 0, total: 200_00, perItem } };
}

/** The last report about a delivery, with the details of all. */
async function readLatest<S extends object>(suite: DeliverySuite<S>, delivery: ExistingDelivery): Promise<CarrierReport> {
  const reports = (await suite.provider.track?.([delivery], suite.context)) ?? [];
  const ordered = reports.toSorted((one, other) => one.updatedAt.getTime() - other.updatedAt.getTime());
  return Object.assign({}, ...ordered) as CarrierReport;
}

function listStates(related: readonly RelatedParcel[]): string[] {
  return related.map(({ externalId, state }) => `${externalId} ${state}`);
}
