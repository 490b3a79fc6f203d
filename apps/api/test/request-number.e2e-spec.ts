import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callbackForm, sampleOrder, wireSave } from '#testing';
import { Account } from './support/account.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { BuyerPage, PaymentDesk } from './support/payment-desk.js';
import { until } from './support/until.js';

/** A row as the operator's lists show it. */
interface ListedRow {
  kind: string;
  state: string;
  request: string | null;
}

describe("a request's number", () => {
  let deployment: Deployment;
  let crm: Crm;
  let desk: PaymentDesk;

  beforeAll(async () => {
    crm = await Crm.start();
    deployment = await Deployment.start({ crms: [crm], variables: { MODULES: 'testpay,courier', LOG_LEVEL: 'info' } });
    desk = await PaymentDesk.open(deployment, crm);
  }, START_MS);

  afterAll(async () => {
    await deployment.stop();
    await crm.close();
  });

  const list = async (path: string): Promise<ListedRow[]> => (await deployment.operator<{ items: ListedRow[] }>('GET', path)).items;
  const readLines = (output: string): { msg?: string; request?: string }[] =>
    output
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as { msg?: string; request?: string });

  it('is the caller’s, in the reply, in the log and on the operation', async () => {
    const body = callbackForm(desk.account.clientId, { create: desk.body() });
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-request-id': 'shop-7.order_12' };
    const reply = await deployment.send('/testpay/callbacks/payment/create', { method: 'POST', headers, body });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('x-request-id')).toBe('shop-7.order_12');
    expect(await list('/operations?request=shop-7.order_12')).toMatchObject([{ kind: 'payment.create', request: 'shop-7.order_12' }]);
    expect(readLines(deployment.api?.lastOutput ?? '').some((line) => line.request === 'shop-7.order_12')).toBe(true);
  });

  it.each(['', 'with space', 'x'.repeat(65), '<b>', 'ключ'.replace(/./g, (letter) => encodeURIComponent(letter))])(
    'is made when the caller’s is %j',
    async (given) => {
      const first = await deployment.send('/testpay/config', { headers: { 'x-request-id': given } });
      const second = await deployment.send('/testpay/config', { headers: { 'x-request-id': given } });
      const numbers = [first, second].map((reply) => reply.headers.get('x-request-id'));
      for (const number of numbers) expect(number).toMatch(/^[\w.-]{1,64}$/);
      expect(new Set(numbers).size).toBe(2);
      expect(numbers).not.toContain(given);
    },
  );

  it('is on an answer to an address that cannot be read, too', async () => {
    const reply = await deployment.send('/testpay/%E0%A4%A', { headers: { 'x-request-id': 'broken-1' } });
    expect(reply.status).toBe(400);
    expect(reply.headers.get('x-request-id')).toBe('broken-1');
  });

  it('is on the delivery that it saved, and a dispatcher’s on the status for the CRM', async () => {
    const courier = await Account.connect(deployment, crm);
    const body = callbackForm(courier.clientId, {
      save: wireSave('courier', sampleOrder('moscowCourier', { order: '81', orderNumber: '81A' })),
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-request-id': 'order-81' };
    const saved = await deployment.send('/courier/callbacks/delivery/save', { method: 'POST', headers, body });
    const { deliveryId } = (saved.json as { result: { deliveryId: string } }).result;
    expect(await list('/operations?request=order-81')).toMatchObject([{ kind: 'delivery.save', state: 'done', request: 'order-81' }]);

    const told = await deployment.send('/operator/api/deliveries/statuses', {
      method: 'POST',
      headers: {
        ...{ authorization: `Bearer ${deployment.variables.OPERATOR_TOKEN ?? ''}`, 'content-type': 'application/json' },
        'x-request-id': 'dispatch-5',
      },
      body: JSON.stringify([{ deliveryId, code: 'in-transit' }]),
    });
    expect(told.status).toBe(200);
    expect(await list('/outbox?request=dispatch-5')).toMatchObject([{ kind: 'delivery.tracking', request: 'dispatch-5' }]);
  });

  it('leads from a webhook through the inbox to the call of the CRM, and into the worker’s log', async () => {
    const invoice = await desk.invoice();
    // The CRM does not take the first call about it, so that the worker has something to say.
    crm.fail('*/update-invoice', { kind: 'error-before', status: 400, errorMsg: 'not now' });
    await new BuyerPage(invoice.invoiceUrl).pay('4242 4242 4242 4242');
    await until('the CRM knows that it is paid', () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded');
    const events = (await list('/inbox?kind=payment.event')).map((event) => event.request);
    const [told] = await list(`/outbox?subject=${invoice.paymentId}`);
    expect(events).toContain(told?.request);
    const lines = readLines(deployment.workers[0]?.lastOutput ?? '');
    expect(lines.filter((line) => line.request === told?.request && line.msg?.includes('was rejected by the CRM'))).toHaveLength(1);
  });
});
