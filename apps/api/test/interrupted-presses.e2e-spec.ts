import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeCarrier, FakeGateway } from '#testing';
import type { PressResult, WidgetView } from '#widgets';
import { Account } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { Deployment, START_MS } from './support/deployment.js';
import { PaymentDesk } from './support/payment-desk.js';
import { until } from './support/until.js';

const RING = 'press.fake-carrier.ring';
const DONE = 'The carrier calls the recipient.';
const RUNNING = 'Running: Have the carrier call the recipient';

let deployment: Deployment;
let carrier: FakeCarrier;
let account: Account;

beforeAll(async () => {
  carrier = await FakeCarrier.start();
  deployment = await Deployment.start({ accounts: 2, withFakeCarrier: true, apart: true });
  account = await Account.connect(deployment, deployment.nextCrm(), 'fake-carrier');
  const { id } = await deployment.getConnection(account.crm);
  const { url: baseUrl, apiKey, webhookSecret } = carrier;
  await deployment.operator('PUT', `/connections/${id}/settings`, { baseUrl, apiKey, webhookSecret });
  carrier.webhooks.mode = 'off';
  await (await AccountPage.open(account)).call('PUT', 'widgets', { actions: [`delivery.${RING}`] });
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  await carrier?.close();
}, START_MS);
afterEach(async () => {
  carrier.faults.clear();
  // A test that failed may have left it stopped.
  if (!deployment.isApiRunning) await deployment.startApi();
});

/** A delivery whose sidebar is open. */
async function open(order: number) {
  await account.ship(String(order), 'express');
  const request = { version: 1, target: 'order/card:delivery.after', locale: 'en-GB', order: { id: order, number: `${order}A` } };
  const read = async (): Promise<WidgetView> => (await account.post('/embed/view', { payload: request })).json as WidgetView;
  const { thing = '' } = (await read()).actions[0] ?? {};
  const key = randomUUID();
  return {
    key,
    read,
    press: async (): Promise<PressResult> =>
      (await account.post('/embed/act', { payload: { ...request, thing, action: RING, key } })).json as PressResult,
    listRings: () => carrier.orders(`${order}-1`)[0]?.rings ?? [],
    listAlerts: async () => (await read()).alerts.map(({ text }) => text),
    /** Lets the time pass for which the press belongs to a process. */
    endLease: () =>
      deployment.stores.query(
        `UPDATE widget_press SET lease_until = now() - interval '1 second' WHERE key = $1 AND lease_until > now() + interval '30 seconds'`,
        [key],
      ),
  };
}

describe('a press', () => {
  it('whose process was killed is shown, then not known, and has one effect when it is repeated', async () => {
    const { key, press, read, listRings, listAlerts, endLease } = await open(610);
    carrier.fail('ringRecipient', { kind: 'hang' }, 1);
    expect((await press()).text).toContain('is running');
    await until('the carrier has it', () => listRings().length === 1);
    await deployment.killApi();
    await deployment.startApi();
    expect(await listAlerts()).toEqual([RUNNING]);
    expect((await press()).text).toContain('is running');
    await endLease();
    const { alerts, actions } = await read();
    expect(alerts).toMatchObject([{ text: expect.stringContaining('not known'), advice: expect.stringContaining('check') }]);
    expect(actions.find(({ action }) => action === RING)?.key).toBe(key);
    await until('the repeat has its result', async () => (await press()).text === DONE, 60_000);
    expect(listRings()).toEqual([key]);
    expect(await listAlerts()).not.toContain(RUNNING);
    const { items } = await deployment.operator<{ items: { params: { key?: string } }[] }>('GET', '/audit?limit=50');
    expect(items.filter(({ params }) => params.key === key)).toHaveLength(1);
  }, 120_000);

  it('that runs while its process is stopped ends before it, and is shown afterwards', async () => {
    const { key, press, listRings, listAlerts } = await open(611);
    carrier.fail('ringRecipient', { kind: 'delay', ms: 2_500 }, 1);
    expect((await press()).text).toContain('is running');
    await deployment.stopApi();
    expect(listRings()).toEqual([key]);
    await deployment.startApi();
    expect(await listAlerts()).toEqual([DONE]);
    expect((await press()).text).toBe(DONE);
    expect(listRings()).toEqual([key]);
  }, 120_000);

  it('whose reply is lost has one alert, and is pressed again to check', async () => {
    await deployment.stopWorkers();
    const { press, read, listRings } = await open(613);
    carrier.fail('ringRecipient', { kind: 'drop-after' }, 2);
    await press();
    expect((await read()).alerts).toMatchObject([{ advice: expect.stringContaining('again to check') }]);
    await deployment.startWorker();
    await until('the repeat has its result', async () => (await press()).text === DONE, 60_000);
    expect(new Set(listRings()).size).toBe(1);
  }, 120_000);

  it('of a gateway whose reply is lost has one effect when it is repeated', async () => {
    const gateway = await FakeGateway.start();
    const desk = await PaymentDesk.open(deployment, deployment.nextCrm(), 'fake-gateway');
    const path = `/connections/${(await deployment.getConnection(desk.crm)).id}/settings`;
    const { values } = await deployment.operator<{ values: object }>('GET', path);
    await deployment.operator('PUT', path, { ...values, baseUrl: gateway.url, token: gateway.token });
    const [action, key] = ['press.fake-gateway.remind', randomUUID()];
    await (await AccountPage.open(desk.account)).call('PUT', 'widgets', { actions: [`payment.${action}`] });
    const { paymentId } = await desk.invoice({ orderId: 612 });
    const request = { version: 1, target: 'order/card:payment.before', locale: 'en-GB', order: { id: 612 } };
    const ask = async <Answer>(name: string, more: object = {}): Promise<Answer> =>
      (await desk.account.post(`/embed/${name}`, { payload: { ...request, ...more } })).json as Answer;
    const thing = `payment:${paymentId}`;
    expect((await ask<WidgetView>('view')).actions).toContainEqual({ thing, action, label: 'Remind the buyer of the payment' });
    gateway.fail('reminders', { kind: 'drop-after' }, 1);
    const press = (): Promise<PressResult> => ask('act', { thing, action, key });
    await press();
    await until('the repeat has its result', async () => (await press()).text === 'The gateway reminds the buyer.', 60_000);
    expect(gateway.effects.filter((effect) => effect.startsWith('reminders'))).toEqual([`reminders ${paymentId}`]);
    gateway.pay(paymentId);
    await ask('act', { thing, action: 'check', key: randomUUID() });
    expect((await ask<WidgetView>('view')).actions.map((one) => one.action)).not.toContain(action);
    await gateway.close();
  }, 120_000);
});
