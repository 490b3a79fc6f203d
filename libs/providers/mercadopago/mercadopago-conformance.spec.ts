import { randomUUID } from 'node:crypto';
import { type ExistingPayment, readStatus } from '#payment/port';
import { getParser } from '#platform';
import { existingPayment, runPaymentConformance } from '../../testing/conformance/index.js';
import { providerContext, webhookRequest } from '../../testing/builders.js';
import { answerBusy, listKeys, loseReplies, rewriteReplies } from '../../testing/conformance/lose-replies.js';
import { toMoney } from '#provider-kit';
import { MercadoPagoDouble, type MercadoPagoOrder, mercadoPagoSignatureOf } from '../../../lab/doubles/mercadopago/index.js';
import { invoiceRequest } from '../../../lab/doubles/stripe/index.js';
import { MercadoPagoProvider } from './mercadopago.provider.js';
import { type MercadoPagoContext, MercadoPagoSettings } from './mercadopago.settings.js';
import { STATUSES } from './mercadopago.statuses.js';

const TOKEN = 'APP_USR-double';
const SECRET = 'mercadopago-double-secret';

runPaymentConformance<MercadoPagoSettings>('Mercado Pago', {
  methods: ['find', 'openCheckout', 'cancel', 'refund', 'webhook', 'check', 'lookUp'],
  start: async () => {
    const double = await MercadoPagoDouble.start({ site: 'MLA', token: TOKEN, webhookSecret: SECRET });
    const provider = new MercadoPagoProvider(double.url);
    const makeContext = (accessToken: string): MercadoPagoContext =>
      providerContext(
        getParser(MercadoPagoSettings).parse({ shops: [{ code: 'main', name: 'Shop', accessToken, webhookSecret: SECRET }] }),
        { connectionId: randomUUID(), now: new Date(), signal: AbortSignal.timeout(60_000) },
      );
    // Colombia has whole pesos only, in spite of ISO 4217.
    double.addAccount({ token: 'APP_USR-co', site: 'MCO', webhookSecret: SECRET });
    const accounts = { ARS: makeContext(TOKEN), COP: makeContext('APP_USR-co') };
    const wrong = makeContext('APP_USR-other');
    const whileAway = <T>(call: 'getUser' | 'getOrder', work: () => Promise<T>): Promise<T> => {
      double.fail(call, { kind: 'error-before', status: 503 }, 20);
      return work().finally(() => double.faults.clear());
    };
    const findOwn = (id: string): MercadoPagoOrder | undefined => double.orders(id).at(-1);
    const findOrder = ({ id }: ExistingPayment): string => double.orders(id).at(-1)?.id ?? '';
    const stored = existingPayment(invoiceRequest({}), { status: 'pending', externalId: 'ORD01JQ4S4KY8HWQ6NA5PXB65B3D3' });
    return {
      provider,
      context: makeContext(TOKEN),
      samples: {
        refused: [{ name: 'a wrong token', settings: wrong.settings, fields: ['shops[0].accessToken'] }],
        whileAway: (work) => whileAway('getUser', work),
        lookups: { paymentMethods: { term: 'rapi', value: 'rapipago' } },
        signWith: (request, secret) => {
          const { 'x-signature': signature = '', 'x-request-id': requestId } = request.headers;
          const about = { id: request.query.get('data.id') ?? undefined, requestId, ts: /ts=(\d+)/.exec(signature)?.[1] ?? '' };
          return { ...request, headers: { ...request.headers, 'x-signature': mercadoPagoSignatureOf(about, secret) } };
        },
      },
      shops: { automatic: 'main' },
      pay: (payment) => {
        double.book.pay(findOrder(payment));
        return Promise.resolve();
      },
      accounts,
      decline: (payment) => void double.book.pay(findOrder(payment), 'OTHE'),
      // A slip is printed.
      startPaying: (payment) => void double.book.pay(findOrder(payment), 'ticket'),
      payDearly: (payment) => {
        const [paid] = double.book.pay(findOrder(payment)).payments;
        // Interest of instalments is the bank's.
        if (paid) paid.paid += 15_00;
      },
      refundThere: (payment, minor) => {
        const order = double.book.order(findOrder(payment));
        double.book.refund(
          order.id,
          order.payments.map(({ id }) => ({ id, amount: (minor / 100).toFixed(2) })),
        );
      },
      statusOf: (code) => readStatus(STATUSES, code),
      faults: {
        lose: loseReplies(double, ['createOrder', 'cancelOrder', 'refundOrder'], {
          'expired-token': { kind: 'unauthorized' },
          unsettled: { kind: 'locked' },
        }),
        saysUnsettled: true,
        busy: answerBusy(double),
        ...{ keys: listKeys(double), alter: rewriteReplies(double) },
        keepsPauses: true,
        made: () => double.orders().reduce((all, { refunds }) => all + 1 + refunds.length, 0),
      },
      untidy: {},
      refusals: {
        whileRefundsWait: (work) => {
          double.setModes({ refunds: 'processing' });
          return work().finally(() => double.setModes({ refunds: 'processed' }));
        },
        refuseRefund: ({ id }) => void double.book.settleRefund(findOwn(id)?.refunds.at(-1)?.id ?? '', 'failed'),
      },
      expected: {
        cost: ({ id }) => toMoney(findOwn(id)?.total ?? 0, findOwn(id)?.request.currency ?? 'ARS'),
        captured: ({ id }) => toMoney(findOwn(id)?.payments.reduce((all, { paid }) => all + paid, 0) ?? 0, 'ARS'),
        refunded: ({ id }) => toMoney(findOwn(id)?.refunds.reduce((all, { amount }) => all + amount, 0) ?? 0, 'ARS'),
      },
      failures: [
        {
          name: 'a token that moves money for a test shop',
          kind: 'auth',
          act: (given) => {
            const shops = given.settings.shops.map((shop) => ({ ...shop, test: true }));
            const request = invoiceRequest({ shop: 'main', amount: toMoney(100_00, 'ARS'), items: [] });
            return provider.create(request, { ...given, settings: { ...given.settings, shops } });
          },
        },
        { name: 'a wrong token', kind: 'auth', act: () => provider.create(invoiceRequest({}), wrong) },
        {
          name: 'another currency',
          kind: 'invalid',
          fields: ['currency'],
          act: (given) => provider.create(invoiceRequest({ shop: 'main', amount: toMoney(100_00, 'USD'), items: [] }), given),
        },
        {
          name: 'an order that was opened in another currency',
          kind: 'invalid',
          fields: ['currency'],
          act: (given) =>
            rewriteReplies(double)(
              (json, call) => (call === 'createOrder' ? json.replaceAll('"ARS"', '"BRL"') : json),
              () => provider.create(invoiceRequest({ shop: 'main', amount: toMoney(100_00, 'ARS'), items: [] }), given),
            ),
        },
        {
          name: 'a paid order of another amount',
          kind: 'unavailable',
          act: async (given) => {
            const request = invoiceRequest({ shop: 'main', amount: toMoney(100_00, 'ARS'), items: [] });
            const payment = existingPayment(request, await provider.create(request, given));
            double.book.pay(findOrder(payment));
            return rewriteReplies(double)(
              (json) => json.replaceAll('"100.00"', '"90.00"'),
              () => provider.get(payment, given),
            );
          },
        },
        { name: 'an outage', kind: 'unavailable', act: (given) => whileAway('getOrder', () => provider.get(stored, given)) },
      ],
      webhook: {
        // The id in the query is signed, with the time. webhook.spec.ts has the worked examples.
        ...{ signed: false, dated: true, secret: true },
        make: (payment) => {
          const [id, requestId, ts] = [payment.externalId, randomUUID(), String(Math.floor(Date.now() / 1_000))];
          const signature = mercadoPagoSignatureOf({ id, requestId, ts }, SECRET);
          const body = { type: 'order', action: 'order.processed', data: { id, external_reference: payment.id } };
          const query = new URLSearchParams({ 'data.id': id ?? '', type: 'order' });
          return Promise.resolve(webhookRequest(JSON.stringify(body), { 'x-signature': signature, 'x-request-id': requestId }, { query }));
        },
      },
      disputes: {
        open: (payment, minor) => {
          double.book.dispute(findOrder(payment)).amount = minor;
          return Promise.resolve();
        },
        lose: (payment) => {
          double.book.closeDispute(findOrder(payment), 'settled');
          return Promise.resolve();
        },
      },
      close: () => double.close(),
    };
  },
});
