import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ExistingPayment, PaymentState } from '#payment/port';
import { getParser } from '#platform';
import { toMoney, ProviderError, type ProviderContext } from '#provider-kit';
import { providerContext, webhookRequest } from '../../testing/builders.js';
import { invoiceRequest, storedPayment, StripeDouble, stripeWebhookBodyOf } from '../../../lab/doubles/stripe/index.js';
import { StripeProvider } from './stripe.provider.js';
import { StripeSettings } from './stripe.settings.js';

const RANK = { pending: 0, waitingForCapture: 1, succeeded: 2, canceled: 2 } as const;

/** Events of a payment: at Stripe, or by a request of the CRM or the buyer. */
type Happening =
  | 'open'
  | 'decline'
  | 'pay'
  | 'process'
  | 'settle'
  | 'fail'
  | 'time'
  | 'endHold'
  | 'dashboardRefund'
  | 'checkout'
  | 'approve'
  | 'cancel'
  | 'refund';
const HAPPENINGS: readonly Happening[] = ['open', 'decline', 'pay', 'process', 'settle', 'fail', 'time', 'endHold', 'dashboardRefund', 'checkout', 'approve', 'cancel', 'refund']; // oxfmt-ignore

let double: StripeDouble;
let provider: StripeProvider;
const settings = getParser(StripeSettings).parse({ shops: [{ code: 'main', name: 'Main', secretKey: 'sk_test_double' }] });
const makeContext = (): ProviderContext<StripeSettings> =>
  providerContext(settings, { connectionId: randomUUID(), now: new Date(), signal: AbortSignal.timeout(5_000) });

beforeAll(async () => {
  double = await StripeDouble.start();
  provider = new StripeProvider(double.url);
});
afterAll(() => double.close());

/** One payment with the integration's memory: Stripe's states are applied, in the order of their arrival. */
class Life {
  private readonly context = makeContext();
  private readonly told: PaymentState[] = [];
  private memory: ExistingPayment['memory'] = {};
  private eventsHeard = 0;
  /** Statuses in the order of reading, for the rules. */
  readonly read: PaymentState['status'][] = [];

  private constructor(readonly request: ReturnType<typeof invoiceRequest>) {}

  static async begin(capture: 'automatic' | 'manual'): Promise<Life> {
    const life = new Life(invoiceRequest({ capture }));
    life.hear(await provider.create(life.request, life.context), true);
    return life;
  }

  get stored(): ExistingPayment {
    return { ...storedPayment(this.request, ...this.told), memory: this.memory };
  }

  async happen(happening: Happening): Promise<void> {
    const { book } = double;
    const session = book.sessions.find((one) => one.id === this.memory.session && one.status === 'open');
    const intent = book.intents.findLast((one) => one.metadata['paymentId'] === this.request.reference);
    switch (happening) {
      case 'open':
        if (session) book.begin(session.id);
        return;
      case 'decline':
        if (session) book.pay(session.id, { declined: 'generic_decline' });
        return;
      case 'pay':
        if (session) book.pay(session.id);
        return;
      case 'process':
        if (session) book.pay(session.id, 'processing');
        return;
      case 'settle':
        if (intent?.status === 'processing') book.settle(intent.id, 'succeeds');
        return;
      case 'fail':
        if (intent?.status === 'processing') book.settle(intent.id, { fails: 'generic_decline' });
        return;
      case 'time':
        return book.advance(25 * 3_600);
      case 'endHold':
        if (intent?.status === 'requires_capture') book.endHold(intent.id, 'abandoned');
        return;
      case 'dashboardRefund':
        if (intent?.status === 'succeeded' && book.charges.some((one) => one.payment_intent === intent.id && one.captured && !one.refunded))
          book.refund(intent, 1);
        return;
      case 'checkout':
        if (this.stored.status === 'pending')
          return this.ask(async (key) => (await provider.openCheckout(this.stored, { key }, this.context)).state);
        return;
      case 'approve':
        return this.ask((key) => provider.approve(this.stored, { key, amount: toMoney(100_000, 'MXN') }, this.context));
      case 'cancel':
        return this.ask((key) => provider.cancel(this.stored, { key }, this.context));
      case 'refund':
        return this.ask((key) => provider.refund(this.stored, { key, amount: toMoney(1_000, 'MXN') }, this.context));
    }
  }

  /** Some of the events that came since, in some order, some twice: after each the payment is read. */
  async hearEvents(pick: number): Promise<void> {
    const all = double.book.events.slice(this.eventsHeard);
    this.eventsHeard = double.book.events.length - (pick % 3);
    const heard = pick % 2 === 0 ? all.toReversed() : all;
    for (const event of heard.filter((_, index) => (index + pick) % 4 !== 0)) {
      const events = provider.webhook.parse(webhookRequest(stripeWebhookBodyOf(event)));
      if (events.some(({ reference, externalId }) => reference === this.request.reference || externalId === this.stored.externalId))
        await this.readNow();
    }
  }

  async readNow(): Promise<PaymentState> {
    const state = await provider.get(this.stored, this.context);
    this.read.push(state.status);
    this.hear(state, false);
    return state;
  }

  private async ask(act: (key: string) => Promise<PaymentState>): Promise<void> {
    try {
      this.hear(await act(randomUUID()), true);
    } catch (error) {
      // A rejection is a valid reply. Any other error would be the adapter's fault.
      if (!(error instanceof ProviderError) || (error.kind !== 'rejected' && error.kind !== 'invalid')) throw error;
    }
  }

  private hear(state: PaymentState, effect: boolean): void {
    if (effect && state.memory) this.memory = state.memory;
    this.told.push(state);
  }
}

describe('the life of a payment', () => {
  it('events in any order: no status goes back, a final one stays, nothing is paid or refunded twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('automatic' as const, 'manual' as const),
        fc.array(fc.tuple(fc.constantFrom(...HAPPENINGS), fc.integer({ min: 0, max: 11 })), { minLength: 1, maxLength: 14 }),
        async (capture, happenings) => {
          double.reset();
          const life = await Life.begin(capture);
          let last = life.stored.status;
          for (const [happening, pick] of happenings) {
            await life.happen(happening);
            if (pick > 3) await life.hearEvents(pick);
            const { status } = life.stored;
            expect(RANK[status]).toBeGreaterThanOrEqual(RANK[last]);
            if (RANK[last] === 2) expect(status).toBe(last);
            last = status;
          }
          // The last poll has the same result for any order of earlier events.
          const final = await life.readNow();
          for (const [index, status] of life.read.entries()) {
            const before = life.read[index - 1];
            if (before !== undefined) expect(RANK[status]).toBeGreaterThanOrEqual(RANK[before]);
            if (before !== undefined && RANK[before] === 2) expect(status).toBe(before);
          }
          expect(life.stored.status).toBe(final.status);
          const { book } = double;
          expect(book.intents.filter(({ status }) => status === 'succeeded' || status === 'requires_capture').length).toBeLessThanOrEqual(
            1,
          );
          expect(book.sessions.filter(({ status }) => status === 'open').length).toBeLessThanOrEqual(1);
          const received = book.intents.reduce((sum, one) => sum + one.amount_received, 0);
          expect(final.captured?.minor ?? 0).toBe(final.status === 'succeeded' ? received : 0);
          expect((final.refunds ?? []).reduce((sum, one) => sum + one.amount.minor, 0)).toBe(
            book.refunds.reduce((sum, one) => sum + one.amount, 0),
          );
        },
      ),
      { numRuns: 150 },
    );
  }, 120_000);
});
