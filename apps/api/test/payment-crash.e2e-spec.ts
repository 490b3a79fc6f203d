import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Crm } from './support/crm.js';
import { Deployment } from './support/deployment.js';
import { BuyerPage, PaymentDesk } from './support/payment-desk.js';
import type { Reply } from './support/reply.js';
import { until } from './support/until.js';

const INVOICES = 12;
/** Invoices in progress at the same time. */
const BUYERS = 4;
const KILLS = 3;
/** Jobs of a killed worker are found again after half a minute, and a step may lose two in turn. */
const PATIENCE_MS = 120_000;

let crm: Crm;
let deployment: Deployment;
let desk: PaymentDesk;

beforeAll(async () => {
  crm = await Crm.start();
  deployment = await Deployment.start({ crms: [crm], apart: true, variables: { MODULES: 'testpay', LOG_LEVEL: 'error' } });
  desk = await PaymentDesk.open(deployment, crm);
  const { items } = await deployment.operator<{ items: { id: string }[] }>('GET', '/connections');
  const path = `/connections/${items[0]?.id}/settings`;
  const { values } = await deployment.operator<{ values: { shops: object[] } }>('GET', path);
  await deployment.operator('PUT', path, { ...values, shops: [{ ...values.shops[0], capture: 'manual' }] });
});

afterAll(async () => {
  await crm?.close();
  await deployment?.stop();
});

/** Repeats a step until the reply is 2xx or 3xx, as a CRM or buyer would. A clear rejection ends it. */
async function insist(step: string, act: () => Promise<Reply>): Promise<Reply> {
  return until(
    step,
    async () => {
      const reply = await act();
      if (reply.status === 400) throw new Error(`${step} was refused: ${reply.bytes.toString()}`);
      return reply.status < 400 && reply;
    },
    PATIENCE_MS,
  );
}

/** An invoice from its making to its second refund. */
async function live(): Promise<{ invoiceUuid: string; paymentId: string }> {
  const body = desk.body({ amount: 100, items: [] });
  const created = await insist('the invoice is made', () => desk.create(body));
  const { paymentId, invoiceUrl } = (created.json as { result: { paymentId: string; invoiceUrl: string } }).result;
  const page = new BuyerPage(invoiceUrl);
  await insist('the buyer pays', () => page.submit({ card: '4000000000000028' }));
  await until('the CRM knows of the hold', () => desk.findLast(body.invoiceUuid)?.status === 'waitingForCapture', PATIENCE_MS);
  await insist('the hold is approved', () => desk.approve(paymentId, 80));
  await insist('a part is refunded', () => desk.refund(paymentId, 30));
  await insist('another part is refunded', () => desk.refund(paymentId, 20));
  return { invoiceUuid: body.invoiceUuid, paymentId };
}

/** Kills api and worker in turn, without warning, at random moments. */
async function kill(): Promise<void> {
  for (let turn = 0; turn < KILLS; turn++) {
    await sleep(200 + Math.random() * 1_300);
    if (turn % 2 === 0) {
      await deployment.killApi();
      await deployment.startApi();
    } else {
      await deployment.killWorkers();
      await deployment.startWorker();
    }
  }
}

it('pays, captures and refunds once, and reports all to the CRM, through kill -9 of api and worker', async () => {
  const invoices: Awaited<ReturnType<typeof live>>[] = [];
  const buyer = async (): Promise<void> => {
    while (invoices.length < INVOICES) invoices.push(await live());
  };
  await Promise.all([kill(), ...Array.from({ length: BUYERS }, () => buyer())]);

  for (const { invoiceUuid, paymentId } of invoices) {
    await until(
      `the CRM knows all of ${invoiceUuid}`,
      () => desk.findLast(invoiceUuid)?.status === 'succeeded' && desk.mapRefunds(invoiceUuid).size === 2,
      PATIENCE_MS,
    );
    expect([...desk.mapRefunds(invoiceUuid).values()].map((refund) => [refund.amount, refund.status])).toEqual([
      [30, 'succeeded'],
      [20, 'succeeded'],
    ]);
    expect(desk.findLast(invoiceUuid)).toMatchObject({ paymentId, amount: 80, refundable: true });
    const events = await deployment.stores.query<{ type: string }>(
      `SELECT type FROM testpay_event WHERE payment_id = $1 ORDER BY created_at, id`,
      [paymentId],
    );
    expect(events.map((event) => event.type)).toEqual([
      'payment.accepted',
      'payment.held',
      'payment.captured',
      'refund.succeeded',
      'refund.succeeded',
    ]);
  }
  const [books] = await deployment.stores.query<{ payments: number; refunds: number; given: number }>(
    `SELECT (SELECT count(*)::int FROM testpay_payment) AS payments, count(*)::int AS refunds, sum(amount_minor)::int AS given FROM testpay_refund`,
  );
  expect(books).toEqual({ payments: invoices.length, refunds: 2 * invoices.length, given: 5_000 * invoices.length });
  expect(await deployment.stores.query(`SELECT 1 FROM operation WHERE state <> 'done'`)).toEqual([]);
  expect(desk.wentBack()).toEqual([]);
  expect(crm.complaints).toEqual([]);
}, 300_000);
