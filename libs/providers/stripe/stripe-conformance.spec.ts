import { randomUUID } from 'node:crypto';
import { type ExistingPayment, readStatus } from '#payment/port';
import { getParser } from '#platform';
import { type Money, type ProviderContext, toMoney, type WebhookRequest } from '#provider-kit';
import { providerContext, webhookRequest } from '../../testing/builders.js';
import { runPaymentConformance } from '../../testing/conformance/index.js';
import { answerBusy, listKeys, loseReplies, rewriteReplies } from '../../testing/conformance/lose-replies.js';
import { invoiceRequest, StripeDouble, stripeSignatureOf } from '../../../lab/doubles/stripe/index.js';
import { StripeProvider } from './stripe.provider.js';
import { StripeSettings } from './stripe.settings.js';
import { STATUSES } from './stripe.statuses.js';

/** An amount in the currency that Stripe writes in small letters. */
const toAmount = (minor = 0, currency = ''): Money => toMoney(minor, currency.toUpperCase());
const SECRET = 'whsec_double_secret';

/** An event about a payment, signed with the secret of an endpoint. */
function postEvent(
  { id: paymentId }: { id?: string },
  secret: string,
  { type = 'payment_intent.succeeded', ...more }: { type?: string; payment_intent?: string } = {},
): WebhookRequest {
  const object = { id: 'pi_1', object: type.startsWith('refund') ? 'refund' : 'payment_intent', metadata: { paymentId }, ...more };
  const body = JSON.stringify({ id: `evt_${randomUUID()}`, object: 'event', type, data: { object } });
  return webhookRequest(body, { 'stripe-signature': stripeSignatureOf(body, secret) });
}

runPaymentConformance<StripeSettings>('Stripe', {
  methods: ['find', 'openCheckout', 'approve', 'cancel', 'refund', 'listPayouts', 'webhook', 'check', 'connect', 'disconnect'],
  start: async () => {
    const double = await StripeDouble.start();
    const provider = new StripeProvider(double.url);
    const shop = { name: 'Shop', secretKey: 'sk_test_double', webhookSecret: SECRET };
    const makeSettings = (secretKey: string): StripeSettings =>
      getParser(StripeSettings).parse({
        shops: [
          { ...shop, secretKey, code: 'main', capture: 'automatic' },
          { ...shop, secretKey, code: 'two', capture: 'manual' },
        ],
      });
    const makeContext = (settings: StripeSettings): ProviderContext<StripeSettings> =>
      providerContext(settings, { connectionId: randomUUID(), now: new Date(), signal: AbortSignal.timeout(60_000) });
    const context = makeContext(makeSettings('sk_test_double'));
    const { endpoints } = double.account;
    const lose = loseReplies(
      double,
      [
        ...(['createSession', 'expireSession', 'captureIntent', 'cancelIntent', 'createRefund'] as const),
        ...(['createEndpoint', 'updateEndpoint', 'deleteEndpoint'] as const),
      ],
      { 'expired-token': { kind: 'unauthorized' }, unsettled: { kind: 'running' } },
    );
    let orphans = 0;
    const findIntent = ({ id }: ExistingPayment): string => double.intents(id).at(-1)?.id ?? '';
    return {
      provider,
      context,
      samples: {
        refused: [
          {
            name: 'a wrong key',
            settings: makeSettings('sk_test_other'),
            fields: ['shops[0].secretKey', 'shops[1].secretKey'],
          },
        ],
        whileAway: async (work) => {
          double.fail('getAccount', { kind: 'error-before', status: 503 }, 20);
          return work().finally(() => double.faults.clear());
        },
        hooks: {
          list: () => endpoints.list().map(({ url }) => url),
          occupy: (url) => void endpoints.add({ url, secret: 'whsec_of_others' }),
          clear: () => {
            for (const { id } of endpoints.list()) endpoints.remove(id);
          },
          post: () => postEvent({ id: randomUUID() }, endpoints.lastSecret),
        },
        signWith: (request, secret) => ({
          ...request,
          headers: { 'stripe-signature': stripeSignatureOf(Buffer.from(request.rawBody).toString(), secret) },
        }),
      },
      shops: { automatic: 'main', manual: 'two' },
      pay: (payment) => {
        double.book.pay(double.sessions(payment.id).at(-1)?.id ?? '');
        return Promise.resolve();
      },
      decline: ({ id }) => void double.book.pay(double.sessions(id).at(-1)?.id ?? '', { declined: 'generic_decline' }),
      startPaying: ({ id }) => void double.book.pay(double.sessions(id).at(-1)?.id ?? '', 'processing'),
      payOut: () => double.book.payOut(),
      refundThere: (payment, minor) => void double.book.refund(double.intents(payment.id).at(-1) as never, minor),
      endHold: (payment) => {
        double.book.endHold(findIntent(payment));
        return Promise.resolve();
      },
      statusOf: (code) => readStatus(STATUSES, code),
      faults: {
        saysUnsettled: true,
        busy: answerBusy(double),
        ...{ keys: listKeys(double), alter: rewriteReplies(double) },
        lose: async (call, work, nth) => {
          const { length } = double.book.sessions;
          return lose(call, work, nth).catch((error: unknown) => {
            // No buyer can pay in a session whose address was lost: the next call opens another one.
            orphans += double.book.sessions.length - length;
            throw error;
          });
        },
        made: () => double.book.sessions.length - orphans + double.book.refunds.length,
      },
      untidy: {},
      expected: {
        cost: ({ id }) => toAmount(double.sessions(id).at(-1)?.amount_total, double.sessions(id).at(-1)?.currency),
        captured: ({ id }) => toAmount(double.intents(id).at(-1)?.amount_received, double.intents(id).at(-1)?.currency),
        refunded: (payment) => {
          const refunds = double.book.refunds.filter(({ payment_intent }) => payment_intent === findIntent(payment));
          return toAmount(
            refunds.reduce((all, { amount }) => all + amount, 0),
            refunds[0]?.currency,
          );
        },
      },
      failures: [
        {
          name: 'a wrong key',
          kind: 'auth',
          act: () => provider.create(invoiceRequest({ shop: 'main' }), makeContext(makeSettings('sk_test_other'))),
        },
        {
          name: 'an amount that is too fine',
          kind: 'invalid',
          fields: ['amount'],
          act: (given) => provider.create(invoiceRequest({ shop: 'main', amount: toMoney(10_001, 'KWD'), items: [] }), given),
        },
        {
          name: 'an outage',
          kind: 'unavailable',
          act: () => {
            double.fail('listSessions', { kind: 'error-before', status: 503 }, 20);
            return provider.find('none', makeContext(makeSettings('sk_test_double'))).finally(() => double.faults.clear());
          },
        },
      ],
      webhook: {
        signed: true,
        dated: true,
        make: (payment) => Promise.resolve(postEvent(payment, SECRET)),
        // Without our metadata.
        makeRefunded: (payment) => Promise.resolve(postEvent({}, SECRET, { type: 'refund.created', payment_intent: findIntent(payment) })),
      },
      refusals: {
        whileRefundsWait: (work) => {
          double.setModes({ refunds: 'pending' });
          return work().finally(() => double.setModes({ refunds: 'succeeded' }));
        },
        refuseRefund: () => void double.book.settleRefund(double.book.refunds.at(-1)?.id ?? '', { fails: 'expired_or_canceled_card' }),
      },
      disputes: {
        open: (payment, minor) => {
          double.book.dispute(findIntent(payment), { amount: minor });
          return Promise.resolve();
        },
        lose: (payment) => {
          const dispute = double.book.disputes.find((one) => one.payment_intent === findIntent(payment));
          double.book.closeDispute(dispute?.id ?? '', 'lost');
          return Promise.resolve();
        },
      },
      close: () => double.close(),
    };
  },
});
