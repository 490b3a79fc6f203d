import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { DeliveryManifest, DeliveryProvider, ExistingDelivery, SaveRequest } from '#delivery/port';
import { ProviderError, type ProviderContext, replaceSignal, type Strategy } from '#provider-kit';
import { existingDelivery } from '../builders.js';
import type { ServiceFaults, Unproven } from './lost-calls.js';

/** How a service makes documents by jobs. */
export interface PrintJobs {
  /** Runs `work`. Jobs that it starts are ready afterwards, not before. */
  hold<T>(work: () => Promise<T>): Promise<T>;
  /** Returns how many jobs calls have started so far. */
  started(): number | Promise<number>;
}

/** The parts of a subject that strategies need. */
export interface StrategyBench<S extends object> {
  provider: DeliveryProvider<S>;
  context: ProviderContext<S>;
  manifest: DeliveryManifest<S>;
  newRequest(): SaveRequest;
  /** Registers a new delivery. */
  registered(): Promise<ExistingDelivery>;
  settle(): Promise<void>;
  /** Compares the service's figures of the last saved order with a request. */
  checkFigures(request: SaveRequest): Promise<void>;
  edit?(request: SaveRequest): SaveRequest;
  readonly faults?: ServiceFaults | undefined;
  whileUnchecked?<T>(work: () => Promise<T>): Promise<T>;
  readonly printJobs?: PrintJobs | undefined;
}

/** Milliseconds that a caller waits for a document. */
const PATIENCE_MS = 1_000;
const MOST_PRINTS = 20;
const PAUSE_MS = 200;

/** Plays the strategies of a manifest, except for `create-then-buy`, which losing calls proves. */
export function testStrategies<S extends object>(read: () => StrategyBench<S>, unproven: Unproven): void {
  const play = (strategy: Strategy, name: string, test: (bench: StrategyBench<S>) => Promise<void>): void =>
    it(name, async () => {
      const bench = read();
      if (bench.manifest.strategies?.includes(strategy)) await test(bench);
    });

  play('create-and-wait', 'shows an order that the service has not checked yet as preprocessing', async (bench) => {
    const { provider, context, manifest, whileUnchecked } = bench;
    if (!whileUnchecked) return unproven.add('an order that is checked later is preprocessing until then', 'whileUnchecked');
    const isPreprocessing = (code: string | undefined): boolean =>
      manifest.statuses.some((status) => status.code === code && status.isPreprocessing === true);
    const request = bench.newRequest();
    const saved = await whileUnchecked(() => provider.save(request, context));
    expect([saved.status, isPreprocessing(saved.status)]).toEqual([saved.status, true]);
    await bench.settle();
    const delivery = existingDelivery(saved, request);
    const reports = (await provider.track?.([delivery], context)) ?? [];
    expect(reports.map(({ externalId }) => externalId)).toContain(saved.externalId);
    expect(reports.every(({ code }) => isPreprocessing(code))).toBe(false);
  });

  play('adopt-when-same', 'adopts the order with our reference, changed to what is wanted', async (bench) => {
    const { provider, context, edit } = bench;
    if (!edit) return unproven.add('an order with our reference is changed to what is wanted', 'edit');
    const request = bench.newRequest();
    const { externalId } = await provider.save(request, context);
    await bench.settle();
    const before = await bench.faults?.made();
    const wanted = edit(request);
    expect((await provider.save(wanted, context)).externalId).toBe(externalId);
    await bench.settle();
    expect(await bench.faults?.made()).toBe(before);
    await bench.checkFigures(wanted);
  });

  play('print-job', 'fetches a document that was not ready by the next print, from the same job', async (bench) => {
    const { provider, context, manifest, printJobs } = bench;
    if (!printJobs) return unproven.add('a document that is not ready is fetched by the next print', 'printJobs');
    const form = manifest.forms.find(({ entity }) => entity === 'order')?.code ?? '';
    const deliveries = [await bench.registered()];
    const print = async (given: ProviderContext<S>): Promise<Uint8Array> =>
      (await provider.print?.({ entity: 'order', form, deliveries }, given)) ?? new Uint8Array();
    const before = await printJobs.started();
    const error: unknown = await printJobs.hold(() =>
      print(replaceSignal(context, AbortSignal.timeout(PATIENCE_MS))).then(
        () => 'printed',
        (failure: unknown) => failure,
      ),
    );
    expect(error).toBeInstanceOf(ProviderError);
    expect((error as ProviderError).kind).toBe('unavailable');
    const pdf = await repeatWhileAway(() => print(context));
    expect(Buffer.from(pdf.subarray(0, 5)).toString('latin1')).toBe('%PDF-');
    expect((await printJobs.started()) - before).toBe(1);
  });
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
