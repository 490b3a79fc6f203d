import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { type ProviderContext, ProviderError, replaceSignal, type Strategy } from '#provider-kit';
import type { SaveRequest } from '#delivery/port';
import { existingDelivery } from '../../builders.js';
import { attempt } from '../provider/index.js';
import { readFigures, toFigures } from './figures.js';
import type { DeliverySuite } from './suite.js';

/** Milliseconds that a caller waits for a document. */
const PATIENCE_MS = 1_000;
const MOST_PRINTS = 20;
const PAUSE_MS = 200;

/** Tests the strategies of a manifest. The lost calls prove the rest of `create-then-buy`. */
export function testStrategies<S extends object>(suite: DeliverySuite<S>): void {
  const play = (strategy: Strategy, title: string, test: (suite: DeliverySuite<S>) => Promise<void>): void =>
    it(title, async () => {
      if (suite.manifest.strategies?.includes(strategy)) await test(suite);
    });

  play('create-then-buy', 'an order that was changed after a lost reply is bought with its changes', testChangeBeforePurchase);
  play('create-and-wait', 'an order that the service has not checked yet is preprocessing', testCreateAndWait);
  play('adopt-when-same', 'a save adopts the order with our reference and applies the change', testAdoption);
  play('print-job', 'the next print fetches a document that was not ready, from the same job', testPrintJob);
}

/** Tests that an unbought object of an earlier save is not bought if the order has changed. */
export async function testChangeBeforePurchase<S extends object>(suite: DeliverySuite<S>): Promise<void> {
  const { provider, context, subject, unproven } = suite;
  const expected = suite.getExpected().save;
  if (!subject.faults || !expected?.recipient)
    return unproven.add('a changed order is bought with its changes', 'faults and expected.save.recipient');
  const request = suite.newRequest();
  const before = await subject.faults.made();
  const error = await suite.catchFailure(subject.faults.lose('after', () => provider.save(request, context)));
  expect([error.kind, (await subject.faults.made()) - before]).toEqual(['unknown_outcome', 0]);
  const [parcel, ...others] = request.parcels;
  const changed: SaveRequest = {
    ...request,
    recipient: { ...request.recipient, name: 'Another Person', phone: '+14155550199' },
    parcels: parcel ? [{ ...parcel, weight: parcel.weight + 500 }, ...others] : [],
  };
  const { externalId } = await provider.save(changed, context);
  await suite.settle();
  const told = await readFigures(expected);
  expect(told).toEqual(toFigures(expected, changed, told));
  expect((await provider.save(changed, context)).externalId).toBe(externalId);
  expect((await provider.find?.(request.reference, context))?.externalId).toBe(externalId);
  expect((await subject.faults.made()) - before).toBe(1);
}

async function testCreateAndWait<S extends object>(suite: DeliverySuite<S>): Promise<void> {
  const { provider, context, manifest, subject, unproven } = suite;
  if (!subject.whileUnchecked) return unproven.add('an order that is checked later is preprocessing until then', 'whileUnchecked');
  const isPreprocessing = (code: string | undefined): boolean =>
    manifest.statuses.some((status) => status.code === code && status.isPreprocessing === true);
  const request = suite.newRequest();
  const saved = await subject.whileUnchecked(() => provider.save(request, context));
  expect([saved.status, isPreprocessing(saved.status)]).toEqual([saved.status, true]);
  await suite.settle();
  const delivery = existingDelivery(saved, request);
  const reports = (await provider.track?.([delivery], context)) ?? [];
  expect(reports.map(({ externalId }) => externalId)).toContain(saved.externalId);
  expect(reports.map(({ code }) => code).filter((code) => !isPreprocessing(code))).not.toEqual([]);
}

async function testAdoption<S extends object>(suite: DeliverySuite<S>): Promise<void> {
  const { provider, context, subject, unproven } = suite;
  const edit = suite.getEdit();
  if (!edit) return unproven.add('an order with our reference is changed', 'edit');
  const request = suite.newRequest();
  const { externalId } = await provider.save(request, context);
  await suite.settle();
  const before = await subject.faults?.made();
  const wanted = edit(request);
  expect((await provider.save(wanted, context)).externalId).toBe(externalId);
  await suite.settle();
  expect(await subject.faults?.made()).toBe(before);
  const expected = suite.getExpected().save ?? {};
  const told = await readFigures(expected);
  expect(told).toEqual(toFigures(expected, wanted, told));
}

async function testPrintJob<S extends object>(suite: DeliverySuite<S>): Promise<void> {
  const { provider, context, manifest, subject, unproven } = suite;
  const { printJobs } = subject;
  if (!printJobs) return unproven.add('a document that is not ready is fetched by the next print', 'printJobs');
  const form = manifest.forms.find(({ entity }) => entity === 'order')?.code ?? '';
  const deliveries = [await suite.register()];
  const print = async (given: ProviderContext<S>): Promise<Uint8Array> =>
    (await provider.print?.({ entity: 'order', form, deliveries }, given)) ?? new Uint8Array();
  const before = await printJobs.started();
  const error = await attempt('print of a document that is not ready', () =>
    printJobs.hold(() => suite.catchFailure(print(replaceSignal(context, AbortSignal.timeout(PATIENCE_MS))))),
  );
  expect(error.kind).toBe('unavailable');
  const pdf = await repeatWhileAway(() => print(context));
  expect(Buffer.from(pdf.subarray(0, 5)).toString('latin1')).toBe('%PDF-');
  expect((await printJobs.started()) - before).toBe(1);
}

/** Repeats a call as the CRM's user does: later, while the service is unavailable. */
async function repeatWhileAway<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++)
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ProviderError) || error.kind !== 'unavailable' || tries === MOST_PRINTS) throw error;
      await sleep(PAUSE_MS);
    }
}
