import { expect } from '@jest/globals';
import type { DeliveryManifest, ExistingDelivery, SavedDelivery, SaveRequest } from '#delivery/port';
import { type ProviderError, type ProviderContext, type ProviderErrorKind, replaceSignal } from '#provider-kit';
import { existingDelivery } from '../../builders.js';
import { checkProviderError, Suite } from '../provider/index.js';
import { moneyProblems, extraDataProblems } from './checks.js';
import type { OptionalDeliveryMethod, ExpectedFigures, DeliverySubject } from './subject.js';

/** How long calls have whose outcome stays open: before any look at it, and after some. */
export const UNCHECKED_MS = [100, 600];

/** A run of the suite, and the steps that several cases share. */
export class DeliverySuite<S extends object> extends Suite<S, OptionalDeliveryMethod, DeliverySubject<S>> {
  /** As the settings of the subject make it. */
  manifest!: DeliveryManifest<S>;
  private readonly run = Date.now().toString(36);
  private count = 0;

  override async start(): Promise<void> {
    await super.start();
    this.manifest = Object.assign(
      Object.create(this.provider.manifest) as DeliveryManifest<S>,
      this.provider.manifest.bySettings?.(structuredClone(this.context.settings)),
    );
  }

  newReference(): string {
    return `conf-${this.run}-${++this.count}`;
  }

  newRequest(reference = this.newReference()): SaveRequest {
    return this.subject.save(reference, String(700_000 + this.count));
  }

  async settle(): Promise<void> {
    await this.subject.settle?.();
  }

  listStatusCodes(): string[] {
    return this.manifest.statuses.map(({ code }) => code);
  }

  isLocal(): boolean {
    return this.manifest.recovery.kind === 'local';
  }

  getEdit(): ((request: SaveRequest) => SaveRequest) | undefined {
    return this.subject.edit?.bind(this.subject);
  }

  /** The figures by call. */
  getExpected(): ExpectedFigures {
    const { expected = {} } = this.subject;
    return 'cost' in expected ? { quote: expected, save: expected } : expected;
  }

  /** Registers a new delivery and returns it as stored. */
  async register(request = this.newRequest()): Promise<ExistingDelivery> {
    const first = await this.provider.save(request, this.context);
    await this.settle();
    // Values that came after the reply (a track number) are stored by then.
    const now = (await this.provider.find?.(request.reference, this.context)) ?? first;
    return existingDelivery({ ...first, ...now }, request);
  }

  /** Registers a delivery and cancels it. */
  async withdraw(): Promise<ExistingDelivery> {
    const delivery = await this.register();
    await this.provider.cancel?.(delivery, this.context);
    await this.settle();
    return delivery;
  }

  /** Notes a promise that nothing proves. Our own services have no service behind them. */
  leaveOpen(promise: string, member: string): void {
    if (!this.isLocal()) this.unproven.add(promise, member);
  }

  /** Checks the reply to a save. */
  checkSaved(saved: SavedDelivery, request: SaveRequest): void {
    expect(saved.externalId).toEqual(expect.stringMatching(/\S/));
    expect(this.listStatusCodes()).toContain(saved.status);
    if (saved.trackNumber !== undefined) expect(saved.trackNumber).toEqual(expect.stringMatching(/\S/));
    if (saved.trackUrl !== undefined) expect(saved.trackUrl).toEqual(expect.stringMatching(/^https?:/));
    expect(moneyProblems('cost', saved.cost, request.currency)).toEqual([]);
    expect(extraDataProblems(saved.extraData, this.manifest.dataFields)).toEqual([]);
  }

  /** Makes calls, each with a time that ends while the service has accepted the call and still checks it. */
  async actUnchecked(ms: number, act: (given: ProviderContext<S>) => Promise<unknown>, isDone?: () => Promise<boolean>): Promise<void> {
    await this.subject.whileUnchecked?.(async () => {
      const [result] = await Promise.allSettled([act(replaceSignal(this.context, AbortSignal.timeout(ms)))]);
      if (result?.status === 'rejected')
        expect(['unknown_outcome', 'unavailable', 'rate_limited']).toContain(this.checkError(result.reason).kind);
      // A service may carry out the call immediately, without a later check.
      else expect(await isDone?.()).not.toBe(false);
    });
  }

  checkError(error: unknown): ProviderError {
    return checkProviderError(error, this.provider, this.context.settings);
  }

  /** Returns the result, or `otherwise` after a ProviderError (of one of the kinds). */
  async orProviderError<T>(call: Promise<T>, otherwise: T, kinds?: ProviderErrorKind[]): Promise<T> {
    const [result] = await Promise.allSettled([call]);
    if (result?.status === 'fulfilled') return result.value;
    const error = this.checkError(result?.reason);
    if (kinds) expect(kinds).toContain(error.kind);
    return otherwise;
  }
}
