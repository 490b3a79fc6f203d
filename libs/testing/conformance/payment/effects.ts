import type { CaptureMode, ExistingPayment, PaymentState } from '#payment/port';
import { toMoney, type ProviderContext } from '#provider-kit';
import { type Effect, type ReadyCall, recoverBy, STAYS_UNKNOWN } from '../lost-calls.js';
import { uuidOfNow } from './existing-payment.js';
import type { OptionalPaymentMethod } from './subject.js';
import type { PaymentSuite } from './suite.js';

/** A call for a payment that acts at the service. */
interface PaymentCall<S extends object> {
  send(context: ProviderContext<S>, key: string): Promise<unknown>;
  /** Whether the payment's state shows that it was made. */
  settles(state: PaymentState, key: string): boolean;
  /** Whether it may be sent again, whatever the recovery is. */
  isHarmless?: boolean;
}

type PaymentEffect<S extends object> = Effect<S> & { method?: OptionalPaymentMethod; mode?: CaptureMode };

/** Lists the calls of a provider that act at the service. */
export function listEffects<S extends object>(suite: PaymentSuite<S>): Effect<S>[] {
  const effects = [...listOpenings(suite), ...listHoldEffects(suite), ...listLaterEffects(suite)];
  return effects.filter(({ method, mode }) => (!method || suite.has(method)) && (mode === undefined || suite.has('approve')));
}

function listOpenings<S extends object>(suite: PaymentSuite<S>): PaymentEffect<S>[] {
  return [
    {
      ...{ name: 'create', mayBeLocal: true, mayBeRepeated: true },
      prepare: () => {
        let request = suite.newRequest();
        const act = async (given: ProviderContext<S>): Promise<string> => (await suite.provider.create(request, given), request.reference);
        const search = async (): Promise<{ externalId: string } | undefined> =>
          (await suite.provider.find?.(request.reference, suite.context)) && { externalId: request.reference };
        const recover = async (): Promise<string | typeof STAYS_UNKNOWN | undefined> =>
          (await search())?.externalId ?? recoverBy(suite.provider.manifest.recovery, suite.provider.find && search)();
        return Promise.resolve({ act, recover, repeat: () => act(suite.context), renew: () => (request = suite.newRequest()) });
      },
    },
    {
      ...{ name: 'openCheckout', method: 'openCheckout', mayBeRepeated: true, mayBeLocal: true },
      prepare: async () => {
        const payment = await suite.create();
        const send = async (given: ProviderContext<S>, key: string): Promise<unknown> =>
          suite.provider.openCheckout?.(payment, { key }, given);
        return ofPayment(suite, payment, { send, settles: ({ status }) => status !== 'pending', isHarmless: true });
      },
    },
  ];
}

function listHoldEffects<S extends object>(suite: PaymentSuite<S>): PaymentEffect<S>[] {
  return [
    {
      ...{ name: 'authorize', method: 'authorize', mode: 'manual' },
      prepare: async () => {
        const payment = await suite.open(await suite.create('manual'));
        await suite.subject.pay(payment);
        const send = async (given: ProviderContext<S>, key: string): Promise<unknown> =>
          suite.provider.authorize?.(payment, { key }, given);
        return ofPayment(suite, payment, { send, settles: ({ toAuthorize }) => toAuthorize === undefined });
      },
    },
    {
      ...{ name: 'approve', method: 'approve', mode: 'manual' },
      prepare: async () => {
        const payment = await suite.pay(await suite.create('manual'));
        const { amount } = payment.request;
        const send = async (given: ProviderContext<S>, key: string): Promise<unknown> =>
          suite.provider.approve?.(payment, { key, amount }, given);
        return ofPayment(suite, payment, { send, settles: ({ status }) => status === 'succeeded' });
      },
    },
    {
      ...{ name: 'cancel of a hold', method: 'cancel', mode: 'manual' },
      prepare: async () => {
        const payment = await suite.pay(await suite.create('manual'));
        const send = async (given: ProviderContext<S>, key: string): Promise<unknown> => suite.provider.cancel?.(payment, { key }, given);
        return ofPayment(suite, payment, { send, settles: isCanceled });
      },
    },
  ];
}

function listLaterEffects<S extends object>(suite: PaymentSuite<S>): PaymentEffect<S>[] {
  return [
    {
      ...{ name: 'cancel of an unpaid invoice', method: 'cancel', mayBeLocal: true },
      prepare: async () => {
        const payment = await suite.open(await suite.create());
        let state: PaymentState | undefined;
        const send = async (given: ProviderContext<S>, key: string): Promise<unknown> =>
          (state = await suite.provider.cancel?.(payment, { key }, given));
        return {
          ...ofPayment(suite, payment, { send, settles: isCanceled }),
          // A service that cannot end the buyer's attempt returns its end.
          isDone: async () => state?.expiresAt !== undefined || !(await isPayable(suite, payment)),
        };
      },
    },
    {
      ...{ name: 'refund', method: 'refund' },
      prepare: async () => {
        const payment = await suite.take();
        const amount = toMoney(30_25, payment.request.amount.currency);
        const send = async (given: ProviderContext<S>, key: string): Promise<unknown> =>
          suite.provider.refund?.(payment, { key, amount }, given);
        const ready = ofPayment(suite, payment, {
          send,
          settles: ({ refunds = [] }, key) => refunds.some(({ reference }) => reference === key),
        });
        // The money went back once, whatever the service lists.
        return {
          ...ready,
          isDone: async () => {
            const { refunds = [] } = await suite.get(payment);
            return refunds.length === 1 && refunds[0]?.amount.minor === amount.minor;
          },
        };
      },
    },
    {
      ...{ name: 'followUp', method: 'followUp', mayBeRepeated: true },
      isAbsent: () => suite.subject.makeDue === undefined,
      prepare: async () => {
        const payment = await suite.take();
        await suite.subject.makeDue?.(payment);
        const send = async (given: ProviderContext<S>, key: string): Promise<unknown> => suite.provider.followUp?.(payment, { key }, given);
        return ofPayment(suite, payment, { send, settles: () => false, isHarmless: true });
      },
    },
  ];
}

const isCanceled = (state: PaymentState): boolean => state.status === 'canceled';

/** Whether the buyer can pay an invoice. Pays it if so. */
async function isPayable<S extends object>(suite: PaymentSuite<S>, payment: ExistingPayment): Promise<boolean> {
  await Promise.resolve(payment)
    .then((one) => suite.subject.pay(one))
    .catch(() => undefined);
  return ['waitingForCapture', 'succeeded'].includes((await suite.get(payment)).status);
}

/** A call for a payment, recovered as `PaymentOperations` does: after a look at the payment's state. */
function ofPayment<S extends object>(
  suite: PaymentSuite<S>,
  payment: ExistingPayment,
  { send, settles, isHarmless = false }: PaymentCall<S>,
): ReadyCall<S> {
  let key = uuidOfNow();
  return {
    act: (given) => send(given, key),
    recover: async () => {
      if (settles(await suite.get(payment), key)) return payment.id;
      const { kind } = suite.provider.manifest.recovery;
      if (isHarmless || kind === 'idempotency-key') return undefined;
      if (kind !== 'find') return STAYS_UNKNOWN;
      // It was never made: the CRM's next request is another call.
      key = uuidOfNow();
      return undefined;
    },
    repeat: async () => (await send(suite.context, key), payment.id),
    renew: () => (key = uuidOfNow()),
    isDone: async () => isHarmless || settles(await suite.get(payment), key),
  };
}
