import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type * as wire from '#crm-client/wire';
import { sampleOrder, wireCalculate } from '#testing';
import { Account, readRefusal, readResult } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { Deployment, START_MS } from './support/deployment.js';
import { until } from './support/until.js';

let deployment: Deployment;

beforeAll(async () => {
  deployment = await Deployment.start({ accounts: 14, withFakeCarrier: true });
}, START_MS);
afterAll(() => deployment?.stop());
afterEach(() => expect(deployment.complaints()).toEqual([]));

describe('activity', () => {
  it('refuses callbacks of an account that is switched off or frozen, and takes them again afterwards', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    expect((await account.activity(false, false)).json).toEqual({ success: true });
    for (const reply of [
      await account.get('/delivery/tariffs'),
      await account.save({ order: '1', packages: [], delivery: { tariff: 'x' } }),
    ])
      expect(readRefusal(reply)).toMatchObject({ status: 403, errorMsg: expect.stringContaining('не включён') });
    await account.activity(true, true);
    expect(readRefusal(await account.get('/delivery/tariffs'))).toMatchObject({
      status: 403,
      errorMsg: expect.stringContaining('заморожен'),
    });
    // Inactive accounts get the settings callback too.
    expect((await account.tellSettings(account.crm.settings)).status).toBe(200);
    await account.activity(true, false);
    expect((await account.get('/delivery/tariffs')).status).toBe(200);
  });

  it('makes no delivery for an account that was switched off a moment ago', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    // The process remembers the account as active.
    expect((await account.calculate(wireCalculate())).status).toBe(200);
    await account.activity(false, false);
    await expect(account.ship('77')).rejects.toThrow('403');
  });

  it('follows a rename only when the key works at the new address', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const { crm } = account;
    // Another account, in which the key is not known.
    const other = deployment.crms.find((one) => one !== crm && one.registrations.length > 0);
    expect(readRefusal(await account.activity(true, false, other?.url)).errors).toHaveProperty('systemUrl');
    expect(await deployment.getConnection(crm)).toMatchObject({ systemUrl: crm.oldUrl });
    expect(readRefusal(await account.activity(true, false, 'https://example.com')).errors).toHaveProperty('systemUrl');
    await crm.rename();
    expect((await account.activity(true, false)).status).toBe(200);
    expect(await deployment.getConnection(crm)).toMatchObject({ systemUrl: crm.newUrl });
    // From now on the account is called there.
    await deployment.operator('POST', `/connections/${(await deployment.getConnection(crm)).id}/register`);
    await until('the module is registered at the new address', () => crm.callsTo('integration.edit').at(-1)?.origin === crm.newUrl);
    expect((await account.calculate(wireCalculate())).status).toBe(200);
  });

  it('keeps activity even when the address is not believed', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    expect(readRefusal(await account.activity(false, false, 'https://example.com')).status).toBe(400);
    expect(await deployment.getConnection(account.crm)).toMatchObject({ active: false });
  });

  it('refuses a rename to the address of another connection', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const { crm } = account;
    await crm.rename();
    // The user reconnects the module at the new address before the CRM reports the rename.
    const renewed = await Account.connect(deployment, crm);
    expect(renewed.clientId).not.toBe(account.clientId);
    const { status, errors } = readRefusal(await account.activity(true, false));
    expect([status, Object.keys(errors)]).toEqual([400, ['systemUrl']]);
    expect((await renewed.activity(true, false)).status).toBe(200);
  });

  it.each([
    ['no activity', { systemUrl: 'https://demo.retailcrm.ru' }, 'activity'],
    ['no active', { activity: { freeze: false }, systemUrl: 'https://demo.retailcrm.ru' }, 'active'],
    ['no freeze', { activity: { active: true }, systemUrl: 'https://demo.retailcrm.ru' }, 'freeze'],
    ['no systemUrl', { activity: { active: true, freeze: false } }, 'systemUrl'],
    ['a wrong type', { activity: { active: 'perhaps', freeze: false }, systemUrl: 'https://demo.retailcrm.ru' }, 'active'],
  ])('refuses an activity with %s', async (_, fields, field) => {
    const account = await Account.connect(
      deployment,
      deployment.crms.find((one) => one.registrations.length > 0 && one.url === one.oldUrl) ?? deployment.nextCrm(),
    );
    const { status, errors } = readRefusal(await account.post('/activity', fields));
    expect([status, Object.keys(errors)]).toEqual([400, [field]]);
  });
});

describe('settings', () => {
  it('of the account are kept, and calculate follows them', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const terms = async (): Promise<number | null | undefined> => {
      const tariffs = readResult<wire.CallbackDeliveryResponseCalculate[]>(
        await account.calculate(wireCalculate(sampleOrder('moscowCourier'))),
        'CallbackDeliveryCalculateResponse',
      );
      return tariffs.find((tariff) => tariff.code === 'courier')?.minTerm;
    };
    expect(await terms()).toBeLessThan(10);
    const reply = await account.tellSettings({
      default_currency: { value: 'EUR', updated_at: '2026-01-01 10:00:00' },
      system_language: { value: 'es', updated_at: '2026-01-01 10:00:00' },
      timezone: { value: 'Europe/Madrid', updated_at: '2026-01-01 10:00:00' },
      work_times: [{ day_type: 'Monday', start_time: '09:00', end_time: '18:00', lunch_start_time: '13:00', lunch_end_time: '14:00' }],
      // The whole year except for its first and last days.
      non_working_days: [daysAround(new Date())],
      mg: { order_creation: { default: { site: 'x' }, channels: [] } },
    });
    expect(reply.json).toEqual({ success: true });
    expect(await deployment.getConnection(account.crm)).toMatchObject({
      account: {
        timeZone: 'Europe/Madrid',
        language: 'es',
        currency: 'EUR',
        workTimes: [{ day: 'Monday', start: '09:00', end: '18:00', lunchStart: '13:00', lunchEnd: '14:00' }],
        nonWorkingDays: [daysAround(new Date()) && expect.any(Object)],
        chat: { orderCreation: { default: { site: 'x' }, channels: {} } },
      },
    });
    // The next twenty days are days off.
    await until('calculate uses the new settings', async () => ((await terms()) ?? 0) >= 20, 5_000);
  });

  it('for chats reach the provider, from the beginning and as they change', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm(), 'searching-carrier');
    const { token } = await AccountPage.open(account);
    const readChat = async (): Promise<unknown> => {
      const path = '/searching-carrier/account/api/lookups/cities?term=chat';
      const reply = await deployment.send(path, { headers: { authorization: `Bearer ${token}` } });
      return JSON.parse((reply.json as { items: { label: string }[] }).items[0]?.label ?? '""');
    };
    const first = { default: { site: 'main', orderType: 'main', orderMethod: 'messenger' }, channels: {} };
    expect(await readChat()).toEqual({ orderCreation: first });
    const order_creation = { default: [], channels: { 31: { site: 'es', order_type: 'main' } } };
    expect((await account.tellSettings({ mg: { order_creation } })).json).toEqual({ success: true });
    const changed = { orderCreation: { channels: { 31: { site: 'es', orderType: 'main' } } } };
    expect(await readChat()).toEqual(changed);
    // Nothing in them is a reason to refuse the rest.
    for (const mg of ['text', 5, [], { order_creation: [[]] }, { order_creation: 'x' }])
      expect((await account.tellSettings({ mg, timezone: { value: 'Europe/Madrid' } })).status).toBe(200);
    expect(await readChat()).toEqual(changed);
    expect(await deployment.getConnection(account.crm)).toMatchObject({ account: { timeZone: 'Europe/Madrid' } });
  });

  it('that cannot be read leave the stored ones unchanged', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const reply = await account.tellSettings({
      default_currency: { value: 'rubles' },
      system_language: null,
      timezone: { value: 'Mars/Olympus' },
      work_times: [{ day_type: 'Someday', start_time: '25:99', end_time: 'x' }],
      non_working_days: [{ start_date: '13.45', end_date: 'x' }],
    });
    expect(reply.status).toBe(200);
    expect(await deployment.getConnection(account.crm)).toMatchObject({
      account: { timeZone: 'Europe/Moscow', language: 'ru', currency: 'RUB', workTimes: [], nonWorkingDays: [] },
    });
  });

  it.each(['+03:00', 'GMT+3', 'EST', 'Etc/GMT-3', 'europe/moscow'])('with the zone %s keep the account usable', async (zone) => {
    const account = await Account.connect(
      deployment,
      deployment.crms.find((one) => one.registrations.length > 0 && one.url === one.oldUrl) ?? deployment.nextCrm(),
    );
    expect((await account.tellSettings({ timezone: { value: zone } })).status).toBe(200);
    const { deliveryId } = await account.ship(`zone ${zone}`);
    readResult(await account.get('/delivery/get', { deliveryId }), 'CallbackDeliveryGetResponse');
    expect((await account.tellSettings(account.crm.settings)).status).toBe(200);
  });
});

/** From five days ago to twenty days ahead, as the CRM writes days of the year. */
function daysAround(now: Date): { start_date: string; end_date: string } {
  const day = (offset: number): string => new Date(now.getTime() + offset * 86_400_000).toISOString().slice(5, 10).replace('-', '.');
  return { start_date: day(-5), end_date: day(20) };
}
