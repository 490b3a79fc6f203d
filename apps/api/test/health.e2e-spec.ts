import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CdekDouble, FaultyProxy, sampleOrder, wireCalculate } from '#testing';
import { StripeDouble } from '../../../lab/doubles/stripe/index.js';
import { Account, readRefusal } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import type { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { PaymentDesk } from './support/payment-desk.js';
import { freePort, ServerProcess } from './support/server-process.js';
import { anyBackend } from './support/test-servers.js';
import { TelephonyDesk } from './support/telephony-desk.js';
import { until } from './support/until.js';

/** A notification of a connection that an operator's receiver got. */
interface Told {
  message: string;
  id: string;
  connection: string;
  from: string;
  to: string;
  account: string;
}

const SECRET = 'a secret of thirty characters.';
/** The documented limit: a state is seen within a minute of the first call that shows it. */
const MINUTE_MS = 60_000;

let deployment: Deployment;
let cdek: CdekDouble;
let line: FaultyProxy;
let stripe: StripeDouble;
let receiver: Server;
let told: Told[];
let forged: number;

const getHealth = async (crm: Crm): Promise<{ state: string; since: string; words: string; reason?: string }> =>
  (await deployment.getConnection(crm)).health;
const becomes = (crm: Crm, state: string): Promise<unknown> =>
  until(`the connection is ${state}`, async () => (await getHealth(crm)).state === state, MINUTE_MS);
/** Changes of an account's connection that the receiver was notified of, in order, once each. */
const listTold = (crm: Crm): string[] => told.filter(({ account }) => crm.url.endsWith(account)).map(({ from, to }) => `${from} > ${to}`);
const hears = (crm: Crm, ...changes: string[]): Promise<unknown> =>
  until(`the receiver is told of ${changes.join(', ')}`, () => {
    expect(listTold(crm)).toEqual(changes);
    return true;
  });
const BEGUN = 'not-registered > ok';
/** A module that starts without required settings. */
const SET_UP_LATER = ['not-registered > not-set-up', 'not-set-up > ok'];

beforeAll(async () => {
  [told, forged] = [[], 0];
  receiver = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const message = String(request.headers['webhook-id']);
      const content = `${message}.${String(request.headers['webhook-timestamp'])}.${body}`;
      if (request.headers['webhook-signature'] !== `v1,${createHmac('sha256', SECRET).update(content).digest('base64')}`) forged++;
      for (const event of (JSON.parse(body) as { events: Omit<Told, 'message'>[] }).events) told.push({ ...event, message });
      reply.writeHead(204).end();
    });
  });
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  [cdek, stripe] = await Promise.all([CdekDouble.start(), StripeDouble.start()]);
  line = await FaultyProxy.start({ port: Number(new URL(cdek.url).port) });
  deployment = await Deployment.start({
    ...{ backend: anyBackend[0], accounts: 8, workers: 2 },
    variables: {
      MODULES: 'cdek,stripe,asterisk',
      CDEK_URL: `http://127.0.0.1:${line.port}`,
      STRIPE_URL: stripe.url,
      // A busy machine replies slowly without an outage.
      PROVIDER_BUDGET_MS: '20000',
      OPERATOR_WEBHOOK_URL: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/told`,
      OPERATOR_WEBHOOK_SECRET: SECRET,
    },
  });
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  await line?.close();
  await Promise.all([cdek?.close(), stripe?.close()]);
  receiver?.close();
});
afterEach(async () => {
  await line.restore();
  expect(forged).toBe(0);
  expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
});

describe('the health of a connection', () => {
  it('is that of its carrier: unavailable within a minute of the first call, and back automatically', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm(), 'cdek');
    const calculate = async (to: 'petersburgPoint' | 'moscowCourier'): Promise<number> =>
      (await account.calculate(wireCalculate(sampleOrder(to)))).status;
    expect(await calculate('petersburgPoint')).toBe(200);
    await becomes(account.crm, 'ok');
    await line.refuse();
    // Another calculation than before, because results are remembered.
    const refused = readRefusal(await account.calculate(wireCalculate(sampleOrder('moscowCourier'))));
    expect(refused).toMatchObject({ status: 502, errorMsg: 'СДЭК сейчас не отвечает. Повторите чуть позже.' });
    await becomes(account.crm, 'service-away');
    expect((await getHealth(account.crm)).words).toMatch(/^CDEK (does not answer|cannot be reached)/);
    expect((await AccountPage.open(account)).notices).toContainEqual(
      expect.stringMatching(/^(CDEK|СДЭК) не отвечает\. Ничего делать не нужно/),
    );
    const { id } = await deployment.getConnection(account.crm);
    const listed = await deployment.operator<{ items: { id: string }[] }>('GET', '/connections?health=service-away');
    expect(listed.items.map((one) => one.id)).toContain(id);
    const { connections } = await deployment.operator<{ connections: Record<string, number> }>('GET', '/health');
    expect(connections['service-away']).toBeGreaterThan(0);
    await line.restore();
    await becomes(account.crm, 'ok');
    await hears(account.crm, BEGUN, 'ok > service-away', 'service-away > ok');
    // The shop could not do anything about it.
    expect(account.crm.notifications).toEqual([]);
  });

  it('is that of its keys: one is withdrawn, and given again', async () => {
    const desk = await PaymentDesk.open(deployment, deployment.nextCrm(), 'stripe');
    const { id } = await deployment.getConnection(desk.crm);
    const shop = { code: 'main', name: 'Tienda', active: true, capture: 'automatic', secretKey: 'sk_test_double' };
    await deployment.operator('PUT', `/connections/${id}/settings`, { shops: [shop] });
    await until('the shop is registered', () => desk.account.registration.integrations?.payment?.shops?.length === 1);
    const amount = { amount: 500, currency: 'MXN', items: [{ name: 'Taza', price: 500, quantity: 1 }] };
    await desk.invoice(amount);
    stripe.fail('*', { kind: 'unauthorized' }, 10_000);
    expect((await desk.create(desk.body(amount))).status).toBe(400);
    await becomes(desk.crm, 'credentials-refused');
    await until('the account is told', () => desk.crm.notifications.length === 1);
    await until('a look was refused too', async () => (await deployment.getConnection(desk.crm)).rejectedCalls.includes('check'), 60_000);
    stripe.faults.clear();
    await deployment.stores.query(`UPDATE connection_check SET due_at = now() WHERE connection_id = $1`, [id]);
    await becomes(desk.crm, 'ok');
    await hears(desk.crm, ...SET_UP_LATER, 'ok > credentials-refused', 'credentials-refused > ok');
    expect(desk.crm.notifications).toHaveLength(1);
  });

  it('is that of its CRM: away, refusing the key, and well with a new one', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm(), 'cdek');
    const { id } = await deployment.getConnection(account.crm);
    const register = (): Promise<unknown> => deployment.operator('POST', `/connections/${id}/register`);
    account.crm.fail('*', { kind: 'error-before', status: 502 }, 10_000);
    await register();
    await becomes(account.crm, 'crm-away');
    account.crm.recover();
    await becomes(account.crm, 'ok');
    account.crm.revokeKeys();
    await register();
    await becomes(account.crm, 'crm-refuses');
    await Account.connect(deployment, account.crm, 'cdek');
    await becomes(account.crm, 'ok');
    await hears(account.crm, BEGUN, 'ok > crm-away', 'crm-away > ok', 'ok > crm-refuses', 'crm-refuses > ok');
  });

  it('is that of its PBX: lost, reported to the shop after half an hour, and restored', async () => {
    const desk = await TelephonyDesk.open(deployment, deployment.nextCrm());
    await desk.pbx.goAway();
    await becomes(desk.crm, 'service-away');
    expect(desk.crm.notifications).toEqual([]);
    await deployment.stores.query(
      `UPDATE connection SET problems = (SELECT jsonb_object_agg(key, value || jsonb_build_object('since', now() - interval '31 minutes')) FROM jsonb_each(problems)) WHERE id = $1`,
      [desk.connectionId],
    );
    const visit = (): Promise<unknown> =>
      deployment.stores.query(`UPDATE connection_check SET due_at = now() WHERE connection_id = $1`, [desk.connectionId]);
    await visit();
    await until('the shop is told', () => desk.crm.notifications.length === 1);
    expect(desk.crm.notifications[0]).toMatch(/^<b>Asterisk<\/b>: ваш сервер не отвечает/);
    await visit();
    await desk.pbx.comeBack();
    await becomes(desk.crm, 'ok');
    await hears(desk.crm, ...SET_UP_LATER, 'ok > service-away', 'service-away > ok');
    expect(desk.crm.notifications).toHaveLength(1);
    await desk.close();
  });

  it('that changed before all workers were killed is reported once by the next worker', async () => {
    // Their work goes to a worker that can be killed.
    await deployment.stopWorkers();
    const WORKER_PORT = String(await freePort());
    const worker = ServerProcess.start('apps/worker/src/main.js', [], { ...deployment.variables, WORKER_PORT });
    await worker.ready(`http://127.0.0.1:${WORKER_PORT}/health/ready`);
    const account = await Account.connect(deployment, deployment.nextCrm(), 'cdek');
    const { id } = await deployment.getConnection(account.crm);
    await hears(account.crm, BEGUN);
    const listStates = async (): Promise<string[]> => {
      const { items } = await deployment.operator<{ items: { state: string; to: string }[] }>('GET', `/health/changes?connection=${id}`);
      return items.map(({ state, to }) => `${state} ${to}`);
    };
    // A worker that dies before it has noted the answer repeats the message, under the same id.
    await until('it is noted', async () => (await listStates()).join() === 'sent ok');
    await worker.kill();
    await deployment.operator('POST', `/connections/${id}/freeze`);
    expect((await getHealth(account.crm)).state).toBe('frozen');
    await deployment.operator('POST', `/connections/${id}/unfreeze`);
    await deployment.startWorker();
    await hears(account.crm, BEGUN, 'ok > frozen', 'frozen > ok');
    await until('it is noted that all were sent', async () => (await listStates()).join() === 'sent ok,sent frozen,sent ok');
    expect(await deployment.operator('POST', '/webhook/test')).toMatchObject({ taken: true, status: 204 });
  });
});
