import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeCarrier, sampleOrder, wireCalculate, wireSave } from '#testing';
import { Account, readRefusal, readSaved } from './support/account.js';
import { type ConnectionView, Deployment, START_MS } from './support/deployment.js';
import type { Reply } from './support/reply.js';
import { anyBackend } from './support/test-servers.js';
import { until } from './support/until.js';

const MODULE = 'fake-carrier';

let deployment: Deployment;
let carrier: FakeCarrier;

const buildSettings = (): object => ({ baseUrl: carrier.url, apiKey: carrier.apiKey, webhookSecret: carrier.webhookSecret });
const getConnection = (account: Account): Promise<ConnectionView> => deployment.getConnection(account.crm);
const saveSettings = async (account: Account): Promise<void> => {
  await deployment.operator('PUT', `/connections/${(await getConnection(account)).id}/settings`, buildSettings());
};
const calculate = (account: Account): Promise<Reply> => account.calculate(wireCalculate(sampleOrder('moscowCourier')));
const save = (account: Account, order: string): Promise<Reply> =>
  account.save(wireSave('express', sampleOrder('moscowCourier', { order, orderNumber: order })));
const refuse = (): void => carrier.fail('*', { kind: 'unauthorized' }, 10_000);
/** Waits until the account has received all its notices. */
const settled = (account: Account): Promise<unknown> =>
  until('nothing waits', async () => {
    const { id } = await getConnection(account);
    return (await deployment.operator<{ total: number }>('GET', `/outbox?connection=${id}&kind=notification&state=pending`)).total === 0;
  });
const told = (account: Account, times: number): Promise<unknown> =>
  until(`it is told ${times} times`, () => account.crm.notifications.length === times);
const connect = async (): Promise<Account> => {
  const account = await Account.connect(deployment, deployment.nextCrm(), MODULE);
  await saveSettings(account);
  return account;
};

describe.each(anyBackend)('credentials that are refused, queue on %s', (backend) => {
  beforeAll(async () => {
    carrier = await FakeCarrier.start();
    deployment = await Deployment.start({ backend, accounts: 3, withFakeCarrier: true, workers: 2 });
  }, START_MS);
  afterAll(async () => {
    await deployment?.stop();
    await carrier?.close();
  });
  afterEach(() => {
    carrier.faults.clear();
    expect(deployment.complaints()).toEqual([]);
  });

  it('are reported once for a burst in several processes, and once more after they were fixed and rejected again', async () => {
    const account = await connect();
    const ids: string[] = [];
    for (const order of ['1', '2', '3']) ids.push(readSaved(await save(account, order)).deliveryId);
    refuse();
    // The workers ask for statuses while the api is asked for prices.
    const polls = carrier.countCalls('events');
    await deployment.stores.query(`UPDATE delivery SET poll_at = now() WHERE id = ANY ($1::uuid[])`, [ids]);
    const replies = await Promise.all(Array.from({ length: 12 }, () => calculate(account)));
    for (const reply of replies) expect(readRefusal(reply).status).toBe(400);
    await until('a worker has asked', () => carrier.countCalls('events') > polls);
    await told(account, 1);
    expect(account.crm.notifications[0]).toMatch(/^<b>Тестовый перевозчик<\/b>: сервис не принимает учётные данные\./);
    await until('both calls are noted', async () => (await getConnection(account)).rejectedCalls.length === 2);
    await calculate(account);
    await settled(account);
    expect(account.crm.notifications).toHaveLength(1);

    await saveSettings(account);
    await until('nothing is refused', async () => (await getConnection(account)).rejectedCalls.length === 0);
    await until('it is told anew', async () => (await calculate(account)).status === 400 && account.crm.notifications.length === 2);

    // A refusal that comes and goes causes no second notice on the same day.
    carrier.faults.clear();
    await until('it is mended', async () => {
      expect((await calculate(account)).status).toBe(200);
      return !(await getConnection(account)).rejectedCalls.includes('calculate');
    });
    await deployment.stores.query(`UPDATE connection SET rejected_calls = '{}', problems = '{}', version = version + 1`);
    refuse();
    // A save reads its connection afresh.
    for (const order of ['4', '5']) expect((await save(account, order)).status).toBe(400);
    await until('it is noted', async () => (await getConnection(account)).health.state === 'credentials-refused');
    await settled(account);
    expect(account.crm.notifications).toHaveLength(2);
    // Once it is no longer too early, the next look at the connection tells it.
    await deployment.stores.query(`UPDATE connection SET credentials_notified_at = now() - interval '25 hours', version = version + 1`);
    await deployment.stores.query('UPDATE connection_check SET due_at = now()');
    await told(account, 3);
    // The row of what arrived is marked a moment later.
    await settled(account);

    // A fourth within the hour would be over the limit of the CRM's method.
    await saveSettings(account);
    for (const order of ['7', '8']) expect((await save(account, order)).status).toBe(400);
    await until('it is noted', async () => (await getConnection(account)).rejectedCalls.includes('save'));
    await settled(account);
    expect(account.crm.notifications).toHaveLength(3);
    expect((await getConnection(account)).health.state).toBe('credentials-refused');
  });

  it('are reported as soon as the CRM takes notifications, and nothing else waits for that', async () => {
    const account = await connect();
    const { deliveryId } = readSaved(await save(account, '9'));
    account.crm.fail('*/notifications/send', { kind: 'error-before', status: 403, errorMsg: 'Access denied' }, 1);
    refuse();
    await calculate(account);
    await until('it was tried', () => account.crm.callsTo('notifications.send').length === 1);
    carrier.faults.clear();
    carrier.pushStatus(carrier.orders().at(-1)?.reference ?? '', 'in_transit', { at: new Date(Date.now() + 5000) });
    await until('the status is told', () => account.crm.listCodes(deliveryId).includes('in-transit'));
    expect(account.crm.notifications).toEqual([]);
    const { id } = await getConnection(account);
    const { lanes } = await deployment.operator<{ lanes: object[] }>('GET', `/connections/${id}`);
    expect(lanes).toContainEqual(
      expect.objectContaining({ kind: 'notification', failures: 1, lastError: expect.stringContaining('scope') }),
    );
    // Connected again, with a key that may.
    await Account.connect(deployment, account.crm, MODULE);
    await told(account, 1);
  });

  it('that were not reported to the account are forgotten when the settings are saved', async () => {
    const account = await connect();
    account.crm.fail('*/notifications/send', { kind: 'error-before', status: 500 }, 100);
    refuse();
    await calculate(account);
    await until('it was tried', () => account.crm.callsTo('notifications.send').length > 0);
    carrier.faults.clear();
    await saveSettings(account);
    account.crm.recover();
    await settled(account);
    expect(account.crm.notifications).toEqual([]);
  });
});
