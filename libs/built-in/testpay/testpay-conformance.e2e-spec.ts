import { Database, SecretBox } from '#platform';
import type { ExistingPayment } from '#payment/port';
import { type Money, type ProviderContext, toMoney } from '#provider-kit';
import { createSpecDatabase, providerContext, webhookRequest } from '#testing';
import { runPaymentConformance } from '../../testing/conformance/index.js';
import { TestpayGateway } from './testpay.gateway.js';
import { testpaySchema } from './testpay.module.js';
import { TestpayProvider } from './testpay.provider.js';
import { createTestpaySettings, type TestpaySettings } from './testpay.settings.js';
import { SIGNATURE_HEADER, signBody } from './testpay.webhook.js';

runPaymentConformance<TestpaySettings>('The test gateway', {
  methods: ['form', 'approve', 'cancel', 'refund', 'webhook'],
  start: async () => {
    const { source, remove } = await createSpecDatabase([testpaySchema]);
    const [shop] = createTestpaySettings().shops;
    if (!shop) throw new Error('a connection starts with a shop');
    const provider = new TestpayProvider(new TestpayGateway(new Database(source)), new SecretBox(Buffer.alloc(32, 1).toString('base64')));
    const settings = { shops: [shop, { ...shop, code: 'two', capture: 'manual' as const }] };
    const context = providerContext<TestpaySettings>(settings, { connectionId: '01900000-0000-7000-8000-000000000001', now: new Date() });
    const within = <T>(work: (given: ProviderContext<TestpaySettings>) => Promise<T>): Promise<T> =>
      new Database(source).transaction((transaction) => work({ ...context, now: new Date(), transaction }));
    const readMoney = async (minor: string, { id }: ExistingPayment): Promise<Money> => {
      const [row] = await source.query<{ minor: string; currency: string }[]>(
        `SELECT ${minor} AS minor, currency FROM testpay_payment p WHERE id = $1`,
        [id],
      );
      return toMoney(Number(row?.minor), row?.currency ?? '');
    };
    return {
      provider,
      context,
      within,
      expected: {
        cost: (payment) => readMoney('amount_minor', payment),
        captured: (payment) => readMoney('captured_minor', payment),
        refunded: (payment) => readMoney('(SELECT sum(amount_minor) FROM testpay_refund r WHERE r.payment_id = p.id)', payment),
      },
      shops: { automatic: 'main', manual: 'two' },
      pay: async (payment) => {
        await within((given) => provider.form.submit(payment, { card: '4242424242424242' }, given));
      },
      endHold: async ({ id }) => {
        await source.query(`UPDATE testpay_payment SET due_at = 'epoch' WHERE id = $1`, [id]);
      },
      webhook: {
        signed: true,
        dated: true,
        make: (payment) => {
          const body = JSON.stringify({ id: payment.id, type: 'payment.held', payment: { id: payment.id } });
          const header = signBody(body, provider.getWebhookKey(context.connectionId, context.settings), new Date());
          return Promise.resolve(webhookRequest(body, { [SIGNATURE_HEADER]: header }));
        },
      },
      close: remove,
    };
  },
});
