import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { YooKassaDouble } from '../../../lab/doubles/yookassa/index.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { BuyerPage, PaymentDesk } from './support/payment-desk.js';
import { until } from './support/until.js';

/** After a payment: late money is refunded, due receipts are sent, failed receipts are reported. */

let deployment: Deployment;
let yookassa: YooKassaDouble;
let crm: Crm;
let desk: PaymentDesk;

beforeAll(async () => {
  yookassa = await YooKassaDouble.start({ receipts: 'yoomoney' });
  crm = await Crm.start();
  deployment = await Deployment.start({
    crms: [crm],
    variables: { MODULES: 'yookassa', PROVIDER_BUDGET_MS: '3000', YOOKASSA_URL: yookassa.url },
  });
  desk = await PaymentDesk.open(deployment, crm, 'yookassa');
  const [connection] = (await deployment.stores.query('SELECT id FROM connection')) as { id: string }[];
  const id = connection?.id ?? '';
  yookassa.shop.webhookUrl = `${deployment.url}/yookassa/webhooks/${id}`;
  const shop = { name: 'Магазин', active: true, shopId: '100500', secretKey: 'test_double_key', receipts: 'yookassa', vat: 'vat22' };
  const settings = {
    shops: [
      { ...shop, code: 'main', capture: 'automatic', secondReceiptDays: 0 },
      { ...shop, code: 'two', capture: 'manual' },
    ],
    ...{ hasNotifications: true, senders: ['127.0.0.1'] },
  };
  const saved = await deployment.askOperator('PUT', `/connections/${id}/settings`, settings);
  expect([saved.status, saved.bytes.toString()]).toEqual([200, expect.not.stringContaining('test_double_key')]);
  await until('the shops are registered', () => desk.account.registration.integrations?.payment?.shops?.length === 2);
}, START_MS);

afterAll(async () => {
  await deployment?.stop();
  await crm?.close();
  await yookassa?.close();
});

beforeEach(async () => {
  // The CRM takes three notices an hour.
  await deployment.stores.query(`DELETE FROM outbox WHERE kind = 'notification'`);
  yookassa.setModes({ registration: 'succeeded' });
  // A test may need fewer faults than it planned.
  yookassa.faults.clear();
  yookassa.webhooks.clear();
  yookassa.webhooks.mode = 'auto';
});
afterEach(() => {
  expect(crm.complaints).toEqual([]);
  expect(desk.wentBack()).toEqual([]);
});

/** An invoice whose buyer has its page open when it is cancelled. */
async function cancelled(shopId: string): Promise<{ paymentId: string; invoiceUuid: string; id: string }> {
  const invoice = await desk.invoice({ shopId });
  const page = await new BuyerPage(invoice.invoiceUrl).open();
  expect([302, 303]).toContain(page.status);
  expect((await desk.cancel(invoice.paymentId)).status).toBe(200);
  await until('the CRM is told', () => desk.findLast(invoice.invoiceUuid)?.status === 'canceled');
  // The link no longer leads to a payment.
  expect((await new BuyerPage(invoice.invoiceUrl).open()).status).toBe(200);
  return { ...invoice, id: yookassa.payments(invoice.paymentId).at(-1)?.id ?? '' };
}

const findRow = async (paymentId: string): Promise<{ status: string; read_at: Date | null } | undefined> =>
  (
    (await deployment.stores.query('SELECT status, read_at FROM payment WHERE id = $1', [paymentId])) as {
      status: string;
      read_at: Date | null;
    }[]
  )[0];

describe('money that comes late', () => {
  it('is refunded in whole, once, and the invoice stays cancelled', async () => {
    const { paymentId, invoiceUuid, id } = await cancelled('main');
    yookassa.fail('createRefund', { kind: 'error-after', status: 500 }, 3);
    yookassa.book.pay(id);
    await until('it is given back', () => yookassa.refunds(paymentId).length === 1);
    expect(yookassa.refunds(paymentId)).toMatchObject([{ status: 'succeeded', amount: { value: '1234.50' } }]);
    await until('nothing is expected any more', async () => {
      await deployment.stores.query(`UPDATE operation SET check_at = now() WHERE state = 'unknown'`);
      await deployment.stores.query(`UPDATE payment SET read_at = now() WHERE id = $1 AND read_at IS NOT NULL`, [paymentId]);
      return (await findRow(paymentId))?.read_at === null;
    });
    expect(yookassa.refunds(paymentId)).toHaveLength(1);
    expect(await findRow(paymentId)).toMatchObject({ status: 'canceled' });
    expect(desk.listStatuses(invoiceUuid)).toEqual(['canceled']);
    const notices = await deployment.stores.query(`SELECT payload FROM outbox WHERE subject = $1`, [`late money ${paymentId}`]);
    expect(JSON.stringify(notices)).toContain('1234.50 RUB');
  });

  it('is released when it is held, also when the event is lost and no worker ran', async () => {
    const { paymentId, id } = await cancelled('two');
    yookassa.webhooks.mode = 'off';
    await deployment.stopWorkers();
    yookassa.book.pay(id);
    await deployment.startWorker();
    await deployment.stores.query(`UPDATE payment SET read_at = now() WHERE id = $1`, [paymentId]);
    await until('it is released', () => yookassa.payments(paymentId)[0]?.status === 'canceled');
    await until('nothing is expected any more', async () => (await findRow(paymentId))?.read_at === null);
  });

  it('is waited for until the payment has ended there', async () => {
    const { paymentId, id } = await cancelled('main');
    expect((await findRow(paymentId))?.read_at).not.toBeNull();
    yookassa.book.expire(id);
    await until('nothing is expected any more', async () => (await findRow(paymentId))?.read_at === null);
    expect(yookassa.refunds(paymentId)).toEqual([]);
  });
});

describe('a second receipt', () => {
  it('is sent once, by whichever reading finds it due', async () => {
    const invoice = await desk.invoice();
    await new BuyerPage(invoice.invoiceUrl).open();
    const id = yookassa.payments(invoice.paymentId).at(-1)?.id ?? '';
    yookassa.fail('createReceipt', { kind: 'error-after', status: 500 }, 3);
    yookassa.book.pay(id);
    const listSent = (): object[] => yookassa.book.receipts.filter(({ payment_id, settlements }) => payment_id === id && settlements);
    await until('it is sent', () => listSent().length > 0);
    await until('that is known', async () => {
      await deployment.stores.query(`UPDATE operation SET check_at = now() WHERE state = 'unknown'`);
      await deployment.stores.query(`UPDATE payment SET read_at = now() WHERE id = $1`, [invoice.paymentId]);
      const [row] = (await deployment.stores.query('SELECT memory FROM payment WHERE id = $1', [invoice.paymentId])) as {
        memory: object;
      }[];
      return row !== undefined && 'receipt:second' in row.memory;
    });
    expect(listSent()).toMatchObject([{ type: 'payment', settlements: [{ type: 'prepayment', amount: { value: '1234.50' } }] }]);
    expect(desk.listStatuses(invoice.invoiceUuid)).toEqual(['succeeded']);
  });
});

describe('a separate receipt', () => {
  it('that fails, and is registered later, reaches the story and the administrators, each once', async () => {
    const invoice = await desk.invoice();
    await new BuyerPage(invoice.invoiceUrl).open();
    const id = yookassa.payments(invoice.paymentId).at(-1)?.id ?? '';
    yookassa.book.pay(id);
    await until('it is paid', () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded');
    const findSent = () => yookassa.book.receipts.find(({ payment_id, settlements }) => payment_id === id && settlements);
    yookassa.setModes({ registration: 'pending' });
    await until('the second receipt is sent', async () => {
      await deployment.stores.query(`UPDATE payment SET read_at = now() WHERE id = $1`, [invoice.paymentId]);
      return findSent() !== undefined;
    });
    const receiptId = findSent()?.id ?? '';
    const listEvents = async (): Promise<string[]> => {
      await deployment.stores.query(`UPDATE payment SET read_at = now() WHERE id = $1`, [invoice.paymentId]);
      const query = `SELECT code FROM payment_event WHERE payment_id = $1 AND code LIKE 'receipt.%' ORDER BY id`;
      return (await deployment.stores.query<{ code: string }>(query, [invoice.paymentId])).map(({ code }) => code);
    };
    await until('its id is kept', async () => {
      const [row] = await deployment.stores.query<{ receipts: { externalId: string }[] }>('SELECT receipts FROM payment WHERE id = $1', [
        invoice.paymentId,
      ]);
      return row?.receipts.some(({ externalId }) => externalId === receiptId) === true;
    });
    yookassa.book.answerReceipt(receiptId, 'canceled');
    await until('it failed', async () => (await listEvents()).includes('receipt.failed'));
    yookassa.book.answerReceipt(receiptId, 'succeeded');
    await until('it is registered', async () => (await listEvents()).includes('receipt.registered'));
    expect(await listEvents()).toEqual(['receipt.failed', 'receipt.registered']);
    for (const subject of [`receipt ${receiptId}`, `later receipt ${receiptId}`])
      expect(await deployment.stores.query('SELECT 1 FROM outbox WHERE subject = $1', [subject])).toHaveLength(1);
    expect(yookassa.book.receipts.filter(({ payment_id, settlements }) => payment_id === id && settlements)).toHaveLength(1);
    expect(desk.listStatuses(invoice.invoiceUuid)).toEqual(['succeeded']);
    const [row] = await deployment.stores.query<{ details: { fee?: number } }>('SELECT details FROM payment WHERE id = $1', [
      invoice.paymentId,
    ]);
    expect(row?.details.fee).toBe(1_234_50 - Math.round(1_234_50 * 0.965));
  });
});

describe('a receipt that is not registered', () => {
  it('is reported to the administrators once, also after a full refund, and the payment stays', async () => {
    const invoice = await desk.invoice();
    await new BuyerPage(invoice.invoiceUrl).open();
    const id = yookassa.payments(invoice.paymentId).at(-1)?.id ?? '';
    yookassa.setModes({ registration: 'pending' });
    yookassa.book.pay(id);
    await until('it is paid', () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded');
    expect((await desk.refund(invoice.paymentId)).status).toBe(200);
    await until('it is given back', () => desk.findLast(invoice.invoiceUuid)?.status === 'refundSucceeded');
    // The register is still waited for.
    expect(await findRow(invoice.paymentId)).toMatchObject({ status: 'refundSucceeded', read_at: expect.any(Date) });
    const listNotices = async (): Promise<object[]> =>
      (await deployment.stores.query(`SELECT payload FROM outbox WHERE subject = $1`, [`receipt ${id}`])) as object[];
    expect(await listNotices()).toEqual([]);
    yookassa.book.register(id, 'canceled');
    await until('nothing is expected any more', async () => {
      await deployment.stores.query(`UPDATE payment SET read_at = now() WHERE id = $1 AND read_at > now()`, [invoice.paymentId]);
      return (await findRow(invoice.paymentId))?.read_at === null;
    });
    await deployment.stores.query(`UPDATE payment SET read_at = now() WHERE id = $1`, [invoice.paymentId]);
    await until('it was read again', async () => (await findRow(invoice.paymentId))?.read_at === null);
    const notices = await listNotices();
    expect(notices).toHaveLength(1);
    expect(JSON.stringify(notices)).toContain('чек не зарегистрирован (1234.50 RUB');
    expect(desk.listStatuses(invoice.invoiceUuid)).toEqual(['succeeded', 'refundSucceeded']);
  });
});
