import { randomUUID } from 'node:crypto';
import { type ExistingPayment, readStatus } from '#payment/port';
import { getParser } from '#platform';
import { type Money, type ProviderContext, toMoney, type WebhookRequest } from '#provider-kit';
import { invoiceRequest } from '../../../lab/doubles/stripe/index.js';
import { providerContext, webhookRequest } from '../../testing/builders.js';
import { runPaymentConformance } from '../../testing/conformance/index.js';
import { YooKassaDouble } from '../../../lab/doubles/yookassa/index.js';
import type { YooKassaMoney } from '../../../lab/doubles/yookassa/yookassa-wire.js';
import { answerBusy, listKeys, loseReplies, rewriteReplies } from '../../testing/conformance/lose-replies.js';
import type { WireNewPayment } from './checkout.js';
import { YookassaProvider } from './yookassa.provider.js';
import { YookassaSettings } from './yookassa.settings.js';
import { STATUSES } from './yookassa.statuses.js';

/** The amounts that YooKassa has, as decimals. */
const sumAmounts = (objects: readonly { amount: YooKassaMoney }[]): Money =>
  toMoney(
    objects.reduce((all, { amount }) => all + Math.round(Number(amount.value) * 100), 0),
    objects[0]?.amount.currency ?? '',
  );

/** A notification from one of YooKassa's addresses. */
const post = (event: string, object: object | undefined): WebhookRequest =>
  webhookRequest(
    JSON.stringify({ type: 'notification', event, object }),
    { 'content-type': 'application/json' },
    { remoteAddress: '185.71.77.3' },
  );

runPaymentConformance<YookassaSettings>('YooKassa', {
  methods: ['find', 'openCheckout', 'approve', 'cancel', 'refund', 'followUp', 'webhook', 'check', 'lookUp'],
  start: async () => {
    const double = await YooKassaDouble.start({ receipts: 'yoomoney' });
    const provider = new YookassaProvider(double.url);
    const makeSettings = (secretKey: string): YookassaSettings => {
      const shop = { name: 'Shop', shopId: '100500', secretKey, receipts: 'yookassa', vat: 'vat22', secondReceiptDays: 1 };
      return getParser(YookassaSettings).parse({
        callsPerSecond: 1000,
        shops: [
          { ...shop, code: 'main', capture: 'automatic' },
          { ...shop, code: 'two', capture: 'manual' },
        ],
      });
    };
    const makeContext = (settings: YookassaSettings): ProviderContext<YookassaSettings> =>
      providerContext(settings, { connectionId: randomUUID(), now: new Date(), signal: AbortSignal.timeout(60_000) });
    const context = makeContext(makeSettings('test_double_key'));
    const whileAway = async <T>(work: () => Promise<T>): Promise<T> => {
      for (const call of ['getMe', 'listPayments'] as const) double.fail(call, { kind: 'error-before', status: 503 }, 40);
      return work().finally(() => double.faults.clear());
    };
    const findPaymentId = ({ id }: ExistingPayment): string => double.payments(id).at(-1)?.id ?? '';
    return {
      provider,
      context,
      samples: {
        refused: [
          {
            name: 'a wrong key',
            settings: makeSettings('test_other_key'),
            fields: ['shops[0].secretKey', 'shops[1].secretKey'],
          },
        ],
        whileAway,
        lookups: { methods: { term: 'yoo_money', value: 'yoo_money' } },
      },
      shops: { automatic: 'main', manual: 'two' },
      pay: (payment) => {
        double.book.pay(findPaymentId(payment));
        return Promise.resolve();
      },
      decline: (payment) => void double.book.decline(findPaymentId(payment)),
      refundThere: ({ id }, minor) => void double.book.refundByHand(double.payments(id).at(-1)?.id ?? '', minor),
      endHold: (payment) => {
        double.book.endHold(findPaymentId(payment));
        return Promise.resolve();
      },
      statusOf: (code) => readStatus(STATUSES, code),
      faults: {
        lose: loseReplies(double, ['createPayment', 'capturePayment', 'cancelPayment', 'createRefund', 'createReceipt'], {
          'expired-token': { kind: 'unauthorized' },
          unsettled: { kind: 'processing' },
        }),
        saysUnsettled: true,
        busy: answerBusy(double),
        ...{ keys: listKeys(double), alter: rewriteReplies(double) },
        keepsPauses: true,
        made: () => double.payments().length + double.refunds().length + double.made('createReceipt'),
      },
      untidy: {},
      refusals: {
        whileRefundsWait: (work) => {
          double.setModes({ refunds: 'pending' });
          return work().finally(() => double.setModes({ refunds: 'succeeded' }));
        },
        refuseRefund: ({ id }) => void double.book.settleRefund(double.refunds(id).at(-1)?.id ?? '', { fails: 'insufficient_funds' }),
        // The hold ends while it is taken, in a reply with HTTP 200.
        whileCaptureRefused: (work) => {
          double.setModes({ captures: 'canceled' });
          return work().finally(() => double.setModes({ captures: 'succeeded' }));
        },
      },
      // The second receipt, a day after the payment.
      makeDue: ({ id }) =>
        void Object.assign(double.payments(id).at(-1) ?? {}, { captured_at: new Date(Date.now() - 2 * 86_400_000).toISOString() }),
      expected: {
        cost: ({ id }) => sumAmounts(double.payments(id).slice(-1)),
        captured: ({ id }) => sumAmounts(double.payments(id).slice(-1)),
        refunded: ({ id }) => sumAmounts(double.refunds(id)),
        language: () => {
          const { body } = double.calls.findLast(({ call }) => call === 'createPayment') ?? {};
          return (body as WireNewPayment).confirmation.locale === 'ru_RU' ? 'ru' : 'en';
        },
      },
      failures: [
        {
          name: 'a wrong key',
          kind: 'auth',
          act: () =>
            provider.create(
              invoiceRequest({ shop: 'main', amount: toMoney(100_00, 'RUB'), items: [] }),
              makeContext(makeSettings('test_other_key')),
            ),
        },
        {
          name: 'another currency',
          kind: 'invalid',
          fields: ['currency'],
          act: (given) => provider.create(invoiceRequest({ shop: 'main', amount: toMoney(100_00, 'USD'), items: [] }), given),
        },
        { name: 'an outage', kind: 'unavailable', act: () => whileAway(() => provider.find('none', context)) },
      ],
      webhook: {
        ...{ signed: false, dated: false },
        make: ({ id }) => Promise.resolve(post('payment.succeeded', double.payments(id).at(-1))),
        makeRefunded: ({ id }) => Promise.resolve(post('refund.succeeded', double.refunds(id).at(-1))),
      },
      // It has neither an object nor an event for them.
      disputes: 'untold',
      close: () => double.close(),
    };
  },
});
