import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { ProviderContext } from '#provider-kit';
import { existingDelivery } from '../../builders.js';
import type { DeliverySuite } from './suite.js';

/** How far a time of the service may be from ours: it may have whole minutes only. */
const CLOCK_MS = 90_000;

/** Tests that `find` returns what was saved under our reference. */
export function testFind<S extends object>(suite: DeliverySuite<S>): void {
  it('returns the delivery that was saved with the reference, given the request and its time', async () => {
    const at = new Date();
    const existing = await suite.register();
    const sent = { request: existing.request, at };
    const found = await suite.provider.find?.(existing.reference, suite.context, sent);
    expect(found?.externalId).toBe(existing.externalId);
    if (found) suite.checkSaved(found, existing.request);
  });

  it('returns undefined for a reference that was never sent', async () => {
    await expect(suite.provider.find?.(suite.newReference(), suite.context)).resolves.toBeUndefined();
  });
}

/** Tests that `get` returns the state at the service. */
export function testGet<S extends object>(suite: DeliverySuite<S>): void {
  it('get returns the state of the delivery', async () => {
    const existing = await suite.register();
    const state = await suite.provider.get?.(existing, suite.context);
    expect(state?.externalId).toBe(existing.externalId);
    if (state) suite.checkSaved(state, existing.request);
  });
}

/** Tests statuses that the service takes back. */
export function testTakenBack<S extends object>(suite: DeliverySuite<S>): void {
  it('get no longer returns a status that the service has taken back', async () => {
    if (!suite.subject.takeBack) return;
    const delivery = await suite.register();
    const read = async (): Promise<string | undefined> => (await suite.provider.get?.(delivery, suite.context))?.status;
    const before = await read();
    await suite.subject.webhook?.make(delivery);
    expect(await read()).not.toBe(before);
    await suite.subject.takeBack(delivery);
    expect(await read()).toBe(before);
  });
}

/** Tests that times come from the service, in the right zone and unit. */
export function testTimes<S extends object>(suite: DeliverySuite<S>): void {
  it('times of statuses are the times of the service, independent of the clock, zone and unit', async () => {
    const begun = new Date();
    const request = suite.newRequest();
    const saved = await suite.provider.save(request, suite.context);
    await suite.settle();
    const delivery = existingDelivery(saved, request, { statusAt: begun, createdAt: begun });
    const event = suite.has('webhook') ? await suite.subject.webhook?.make(delivery) : undefined;
    const read = async (given: ProviderContext<S>): Promise<Record<string, readonly (Date | undefined)[]>> => ({
      track: ((await suite.provider.track?.([delivery], given)) ?? []).map(({ updatedAt }) => updatedAt),
      webhook: (event ? (suite.provider.webhook?.parse(event, given) ?? []) : []).flatMap(({ reports }) =>
        reports.map((one) => one.updatedAt),
      ),
      get: [(await suite.provider.get?.(delivery, given))?.statusAt],
    });
    const times = await read(suite.context);
    // A minute later by the caller's clock nothing at the service has changed.
    await sleep(5);
    expect(await read({ ...suite.context, now: new Date(suite.context.now.getTime() + 60_000) })).toEqual(times);
    const wrong = Object.entries({ ...times, save: [saved.statusAt] }).flatMap(([method, dates]) =>
      dates
        .filter((date) => date && Math.abs(date.getTime() - begun.getTime()) > CLOCK_MS)
        .map((date) => `${method}: ${date?.toISOString()}`),
    );
    expect({ wrong, now: begun }).toEqual({ wrong: [], now: begun });
  });
}
