import { expect, it } from '@jest/globals';
import type { ExistingDelivery } from '#delivery/port';
import { isDate } from './checks.js';
import type { DeliverySuite } from './suite.js';

/** More than services return in one reply. */
const MANY = 101;

/** Tests that each of several deliveries is tracked. */
export function testTrack<S extends object>(suite: DeliverySuite<S>): void {
  it('track returns only the requested deliveries, with statuses of the manifest and valid times', async () => {
    await expect(suite.provider.track?.([], suite.context)).resolves.toEqual([]);
    const deliveries = [await suite.register(), await suite.register()];
    const reports = (await suite.provider.track?.(deliveries, suite.context)) ?? [];
    const asked = deliveries.map(({ externalId }) => externalId);
    expect(reports.filter(({ externalId }) => !asked.includes(externalId))).toEqual([]);
    expect(reports.filter(({ code }) => code !== undefined && !suite.listStatusCodes().includes(code))).toEqual([]);
    expect(reports.filter(({ updatedAt }) => !isDate(updatedAt))).toEqual([]);
  });

  it('a delivery is tracked alike alone and among others', async () => {
    const [first, moved] = [await suite.register(), await suite.register()];
    await suite.subject.webhook?.make(moved);
    const gone = { ...first, externalId: `${first.externalId}0`, reference: suite.newReference(), createdAt: new Date() };
    const track = async (...deliveries: ExistingDelivery[]): Promise<string[]> =>
      ((await suite.provider.track?.(deliveries, suite.context)) ?? []).map((report) => JSON.stringify(report)).sort();
    const each = [...(await track(first)), ...(await track(moved))].sort();
    expect(await track(gone, first, moved)).toEqual(each);
  });

  it('the last of more than a hundred deliveries is tracked', async () => {
    const delivery = await suite.register();
    // It has moved since, so that there is something to report.
    await suite.subject.webhook?.make(delivery);
    const alone = (await suite.provider.track?.([delivery], suite.context)) ?? [];
    const strangers = Array.from({ length: MANY }, (_, at) => ({
      ...delivery,
      externalId: `${delivery.externalId}${at}`,
      createdAt: new Date(),
    }));
    const many = (await suite.provider.track?.([...strangers, delivery], suite.context)) ?? [];
    expect(many.filter(({ externalId }) => externalId === delivery.externalId)).toEqual(alone);
  });
}
