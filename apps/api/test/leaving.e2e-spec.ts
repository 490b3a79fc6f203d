import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { wireCalculate } from '#testing';
import { Account, readRefusal } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { Deployment, START_MS } from './support/deployment.js';
import { HookService } from './support/hook-service.js';
import { until } from './support/until.js';

const HOOKED = 'hooked-carrier';

let deployment: Deployment;
let service: HookService;

beforeAll(async () => {
  service = await HookService.start();
  deployment = await Deployment.start({ accounts: 12, withFakeCarrier: true });
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  await service?.close();
});
afterEach(() => expect(deployment.complaints()).toEqual([]));

const find = async (account: Account): Promise<string> => (await deployment.getConnection(account.crm)).id;
const act = (id: string, what: string): Promise<unknown> => deployment.operator('POST', `/connections/${id}/${what}`);
/** Whether an account's CRM was last notified that the module is active. */
const readTold = ({ crm }: Account): boolean | null | undefined => crm.registrations.at(-1)?.active;
const report = (deliveryId: string, code: string): Promise<unknown> =>
  deployment.operator('POST', '/deliveries/statuses', [{ deliveryId, code }]);
const countWaiting = async (id: string): Promise<number> =>
  (await deployment.operator<{ total: number }>('GET', `/outbox?connection=${id}&state=pending`)).total;

describe('disconnecting', () => {
  it('is reported to the CRM, refuses callbacks, sends nothing, and lasts until the account connects again', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const [id, { deliveryId }] = [await find(account), await account.ship('1')];
    // The process remembers the account as active.
    expect((await account.calculate(wireCalculate())).status).toBe(200);
    await act(id, 'disconnect');
    await until('the CRM is told', () => readTold(account) === false);
    const { disconnectedAt } = await deployment.getConnection(account.crm);
    expect(disconnectedAt).toEqual(expect.any(String));
    for (const reply of [await account.calculate(wireCalculate()), await account.get('/delivery/tariffs')])
      expect(readRefusal(reply)).toMatchObject({ status: 403, errorMsg: expect.stringContaining('не включён') });

    // A moment ago the module was active in the CRM, so the CRM is notified again. Nothing else is sent.
    const told = account.crm.registrations.length;
    await account.activity(true, false);
    await until('the CRM is told again', () => account.crm.registrations.length > told);
    await deployment.settled();
    expect([readTold(account), (await deployment.getConnection(account.crm)).active]).toEqual([false, false]);
    await report(deliveryId, 'in-transit');
    await deployment.settled();
    expect(account.crm.tracking).toEqual([]);
    expect(await countWaiting(id)).toBe(1);
    await act(id, 'disconnect');
    expect(await deployment.getConnection(account.crm)).toMatchObject({ disconnectedAt });

    const again = await Account.connect(deployment, account.crm);
    expect([again.clientId, readTold(again)]).toEqual([account.clientId, true]);
    expect(await deployment.getConnection(account.crm)).toMatchObject({ id, active: true, disconnectedAt: null });
    expect((await again.calculate(wireCalculate())).status).toBe(200);
    await until('what waited is sent', () => account.crm.listCodes(deliveryId).includes('in-transit'));
  });

  it('waits for a CRM that is down, and ends if the key is dead', async () => {
    const [away, dead] = [await Account.connect(deployment, deployment.nextCrm()), await Account.connect(deployment, deployment.nextCrm())];
    away.crm.fail('*/edit', { kind: 'error-before', status: 502 }, 2);
    dead.crm.revokeKeys();
    for (const account of [away, dead]) await act(await find(account), 'disconnect');
    await until('the refusal is kept', async () => (await deployment.getConnection(dead.crm)).registrationError !== null);
    await until('nothing waits', async () => (await countWaiting(await find(dead))) === 0);
    expect((await deployment.getConnection(dead.crm)).registrationAdvice).toContain('switch it off there');
    await until('the CRM is back and told', () => readTold(away) === false);
    await until('that is kept', async () => (await deployment.getConnection(away.crm)).registrationError === null);
    dead.crm.clear();
  });

  it('removes the setup at the service, and connecting sets it up again', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm(), HOOKED);
    const page = await AccountPage.open(account);
    await page.save({ baseUrl: service.url, apiKey: service.apiKey, webhookSecret: 'a-strong-secret-of-it' });
    expect(service.hooks).toHaveLength(1);
    await act(await find(account), 'disconnect');
    await until('it is taken down', () => service.hooks.length === 0);
    await deployment.settled();
    await Account.connect(deployment, account.crm, HOOKED);
    await until('it is set up', () => service.hooks.length === 1);
  });

  it.each(['disconnect', 'freeze', 'unfreeze'])('refuses to %s what is not there', async (what) => {
    for (const id of ['00000000-0000-4000-8000-000000000000', 'x'])
      expect((await deployment.askOperator('POST', `/connections/${id}/${what}`)).status).toBe(404);
  });
});

describe("the operator's freeze", () => {
  it("and the CRM's do not lift each other, and waiting messages are sent when both are gone", async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const [id, { deliveryId }] = [await find(account), await account.ship('1')];
    const refuse = async (): Promise<string> => readRefusal(await account.calculate(wireCalculate())).errorMsg;
    await act(id, 'freeze');
    const { frozenByOperatorAt } = await deployment.getConnection(account.crm);
    expect(frozenByOperatorAt).toEqual(expect.any(String));
    await act(id, 'freeze');
    await report(deliveryId, 'in-transit');
    // A change that the CRM reports, and connecting again.
    await account.activity(true, true);
    await account.activity(true, false);
    expect(await refuse()).toContain('приостановлен поддержкой');
    await Account.connect(deployment, account.crm);
    expect(await refuse()).toContain('приостановлен поддержкой');
    expect(await deployment.getConnection(account.crm)).toMatchObject({ active: true, frozen: false, frozenByOperatorAt });
    await account.activity(true, true);
    for (let time = 0; time < 2; time++) await act(id, 'unfreeze');
    expect(await refuse()).toContain('со стороны CRM');
    expect(account.crm.tracking).toEqual([]);
    await act(id, 'freeze');
    await account.activity(true, false);
    await act(id, 'unfreeze');
    expect((await account.calculate(wireCalculate())).status).toBe(200);
    await until('what waited is sent', () => account.crm.listCodes(deliveryId).includes('in-transit'));
  });
});
