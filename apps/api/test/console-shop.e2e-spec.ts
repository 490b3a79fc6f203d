import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { sha256Hex } from '#platform';
import { FakeCarrier, sampleOrder, wireCalculate, wireSave } from '#testing';
import { Account, readSaved } from './support/account.js';
import { browserPath, SharedPage } from './support/browser.js';
import { enterConsole } from './support/console.js';
import { Deployment, START_MS } from './support/deployment.js';
import { HookService } from './support/hook-service.js';
import { inspectLooks, type PageWatch } from './support/page-watch.js';
import { until } from './support/until.js';

const MODULE = 'fake-carrier';
const VIEW = 'token-of-vera-who-views';
const ORDER = '4300';
/** Text that would be markup or script where it is not shown as a text. */
const NUMBER = `"><script>alert(1)</script>`;
const COMMENT = `<img src=x onerror=alert(1)>`;

let deployment: Deployment;
let carrier: FakeCarrier;
let service: HookService;
/** A shop that works, and a shop whose carrier is unavailable. */
let account: Account;
let away: Account;
let connection: string;
let deliveryId: string;
let shared: SharedPage;
let context: BrowserContext;
let page: Page;
let watch: PageWatch;
/** The number of the last order whose status the CRM takes while it refuses others. */
let passing = 9000;

const address = (path = ''): string => `${deployment.url}/operator${path}`;
const report = (id: string, code: string, comment?: string): Promise<unknown> =>
  deployment.operator('POST', '/deliveries/statuses', [{ deliveryId: id, code, comment, updatedAt: new Date().toISOString() }]);
const save = async (order: string, orderNumber = order): Promise<string> =>
  readSaved(await account.save(wireSave('express', sampleOrder('moscowCourier', { order, orderNumber })))).deliveryId;
const countFailed = async (): Promise<number> => {
  const { items } = await deployment.operator<{ items: { count: number }[] }>('GET', '/failures?what=outbox');
  return items.reduce((sum, { count }) => sum + count, 0);
};
/** Has the CRM refuse statuses of deliveries until they are set aside. Returns how many messages that are. */
async function failMessages(...ids: string[]): Promise<number> {
  for (const id of ids) {
    account.crm.refuse('*/tracking', `"${id}"`);
    await report(id, 'in-transit', COMMENT);
  }
  // An accepted message shows that the CRM rejects the others because of their content.
  await report(await save(String((passing += 1))), 'in-transit');
  const hasSettled = async (): Promise<boolean> => {
    const { total } = await deployment.operator<{ total: number }>('GET', `/outbox?state=pending&connection=${connection}`);
    return total === 0 && (await countFailed()) >= ids.length;
  };
  await until('they are set aside', hasSettled, 30_000);
  account.crm.recover();
  return countFailed();
}

/** Opens a page of the console as an operator. */
async function open(path: string, token?: string): Promise<void> {
  await enterConsole(deployment, context, token);
  await page.goto(address(path));
  await page.getByRole('searchbox', { name: 'Search all connections' }).waitFor();
}
async function search(text: string): Promise<void> {
  // The shortcut of every page.
  await page.keyboard.press('/');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Search', level: 1 }).waitFor();
}

(browserPath === undefined ? describe.skip : describe)('a shop in the console', () => {
  beforeAll(async () => {
    [carrier, service, shared] = await Promise.all([
      FakeCarrier.start(),
      HookService.start(),
      SharedPage.open({ permissions: ['clipboard-read', 'clipboard-write'] }),
    ]);
    ({ context, page, watch } = shared);
    page.on('dialog', (dialog) => watch.complaints.push(`a script ran: ${dialog.message()}`));
    carrier.webhooks.mode = 'off';
    deployment = await Deployment.start({
      ...{ accounts: 3, withFakeCarrier: true },
      variables: { OPERATOR_TOKENS: `vera:view:${sha256Hex(VIEW)}` },
    });
    watch.hosts.push(deployment.url);
    const { url: baseUrl, apiKey, webhookSecret } = carrier;
    account = await Account.connect(deployment, deployment.nextCrm(), MODULE);
    ({ id: connection } = await deployment.getConnection(account.crm));
    await deployment.operator('PUT', `/connections/${connection}/settings`, { baseUrl, apiKey, webhookSecret });
    away = await Account.connect(deployment, deployment.nextCrm(), MODULE);
    const { id } = await deployment.getConnection(away.crm);
    // No server listens on this port.
    await deployment.operator('PUT', `/connections/${id}/settings`, { baseUrl: 'http://127.0.0.1:9', apiKey, webhookSecret });
    deliveryId = await save(ORDER, NUMBER);
    await failMessages(deliveryId);
    // One failure may be a passing one: shops go on asking.
    const isAway = async (): Promise<boolean> => {
      await away.calculate(wireCalculate(sampleOrder('moscowCourier')));
      return (await deployment.getConnection(away.crm)).health.state === 'service-away';
    };
    await until('the carrier is away', isAway, 60_000);
  }, START_MS * 2);
  afterAll(async () => {
    await shared?.close();
    await deployment?.stop();
    await carrier?.close();
    await service?.close();
  }, START_MS);
  beforeEach(() => shared.reset());
  afterEach(() => {
    expect(watch).toMatchObject({ complaints: [], foreign: [] });
  });

  it('is found among shops with an unavailable carrier, and by its host', async () => {
    const { host } = new URL((await deployment.getConnection(away.crm)).systemUrl);
    await open('/connections?health=service-away');
    await page.getByRole('link', { name: host }).click();
    await page.getByRole('note').filter({ hasText: 'Service unavailable' }).getByText('Carrier cannot be reached').first().waitFor();
    await search(host);
    await page.getByRole('region', { name: 'Connections' }).getByRole('link', { name: host }).click();
    await page.getByRole('tab', { name: 'State changes' }).waitFor();
    // This carrier has nothing to try its settings with.
    expect(await page.getByRole('button', { name: 'Check' }).count()).toBe(0);
    await page.getByRole('tab', { name: 'State changes' }).click();
    await page.getByRole('row').filter({ hasText: 'Service unavailable' }).first().waitFor();
    // The address holds the view.
    await page.reload();
    expect(await page.getByRole('tab', { name: 'State changes' }).getAttribute('aria-selected')).toBe('true');
  });

  it('counts what failed within a day alike in the list, on its page and behind each number', async () => {
    const { id, systemUrl } = await deployment.getConnection(away.crm);
    const { host } = new URL(systemUrl);
    interface Listed {
      id: string;
      failures: number;
      failed: Record<string, number>;
    }
    const list = async (query: string): Promise<Listed[]> =>
      (await deployment.operator<{ items: Listed[] }>('GET', `/connections?${query}`)).items;
    const countJournal = async (query: string): Promise<number> =>
      (await deployment.operator<{ total: number }>('GET', `/journal?connection=${id}&${query}`)).total;
    const broken = await countJournal('kind=callback&outcome=broken');
    expect(broken).toBeGreaterThan(0);
    // Counters are written every 15 s.
    const findFailing = async (): Promise<Listed | false> => {
      const found = (await list('failing=true')).find((one) => one.id === id);
      return found?.failed.callback === broken && found;
    };
    const failing = await until('its callbacks are counted', findFailing, 40_000);
    expect([failing.failures, (await list('failing=false')).map((one) => one.id)]).toEqual([broken, expect.not.arrayContaining([id])]);
    const sorted = (await list('sort=failures&order=desc')).map(({ failures }) => failures);
    expect(sorted).toEqual([...sorted].sort((left, right) => right - left));
    expect(sorted).toContain(broken);
    await open('/connections?failing=true');
    await page.getByRole('row').filter({ hasText: host }).getByText(`${broken} callback`).waitFor();
    await page.getByRole('link', { name: host }).click();
    await page.getByRole('heading', { name: `Failures, 24 h: ${broken}` }).waitFor();
    await page.getByRole('link', { name: `Callbacks answered with an error: ${broken}` }).click();
    const rows = Math.min(broken, 50) + 1;
    await until('the journal lists as many', async () => (await page.getByRole('row').count()) === rows);
    if (broken > 50) await page.getByText(`1–50 of ${broken}`).waitFor();
    expect(await page.getByLabel('Outcome').inputValue()).toBe('broken');
  });

  it('tells the story of an order, whose exchanges are copied as curl without secrets', async () => {
    await open('/failures');
    await search(ORDER);
    await page.getByRole('region', { name: 'Deliveries' }).getByRole('link').waitFor();
    expect(await inspectLooks(page)).toEqual([]);
    await page.getByRole('region', { name: 'Deliveries' }).getByRole('link').click();
    await page.getByRole('heading', { name: NUMBER, level: 1 }).waitFor();
    await page
      .getByText(/^Message #\d+ .* failed: it was rejected \d+ times/)
      .first()
      .waitFor();
    const callback = page.getByRole('listitem').filter({ hasText: 'The CRM called delivery.save and was answered with 200.' });
    await callback.getByRole('button', { name: 'Bodies and curl' }).click();
    const panel = page.getByRole('dialog', { name: 'Journal entry' });
    await panel.getByRole('region', { name: 'Request' }).getByText('"firstName": "***').waitFor();
    expect(await inspectLooks(page)).toEqual([]);
    await panel.getByRole('button', { name: 'Copy as curl' }).click();
    const command = await until('it is copied', async () => (await readClipboard()) || false);
    expect(command).toContain(`curl -X POST '${deployment.url}/${MODULE}/callbacks/delivery/save'`);
    expect(command).toContain('clientId=<clientId>');
    expect(command).not.toContain(account.clientId);
    expect(command).not.toMatch(/\*\*\*|Ivan/);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'hidden' });
  });

  it('shows in the story what failed, and replays it there', async () => {
    await open(`/stories/delivery/${deliveryId}`);
    const failed = page.getByRole('alert').filter({ hasText: 'it was rejected' });
    await failed.getByRole('button', { name: 'Replay' }).click();
    await page.getByText('Queued again.').waitFor();
    await page.getByText(/^Message #\d+ .* was accepted by the CRM at attempt \d+/).waitFor({ timeout: 30_000 });
    expect(await failed.count()).toBe(0);
  });

  it('groups what failed by its error, and replays a group with progress that is found again', async () => {
    const ids = [await save('4301'), await save('4302')];
    const count = await failMessages(...ids);
    await open('/failures');
    const row = page.getByRole('row').filter({ hasText: 'delivery.tracking' });
    await row.getByRole('link').waitFor();
    expect(await inspectLooks(page)).toEqual([]);
    await row.getByRole('link').click();
    await page.getByRole('heading', { name: 'Messages to the CRM', level: 1 }).waitFor();
    await until('all are listed', async () => (await page.getByRole('row').count()) === count + 1);
    await page.getByRole('link', { name: ids[0] }).first().click();
    await page.getByRole('heading', { name: 'Delivery of order 4301', level: 1 }).waitFor();
    await page.goBack();
    await page.getByRole('note').or(page.getByRole('alert')).getByRole('button', { name: 'Replay' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click();
    await page.getByText('The replay has started').waitFor();
    // Who leaves finds it again.
    await page.goto(address('/failures'));
    await page.getByRole('region', { name: 'Replays and discards' }).getByText(`${count} queued`).waitFor({ timeout: 30_000 });
    await page.getByText('No failures').waitFor();
  });

  it('is frozen, works again, and is erased only by who types its host', async () => {
    await open(`/connections/${connection}`);
    await page.getByRole('heading', { name: 'Registration' }).waitFor();
    expect(await inspectLooks(page)).toEqual([]);
    await page.getByRole('button', { name: 'Freeze …' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Freeze', exact: true }).click();
    await page.getByRole('button', { name: 'Unfreeze' }).click();
    await page.getByRole('button', { name: 'Freeze …' }).waitFor();
    await page.getByRole('button', { name: 'Erase …' }).click();
    const erase = page.getByRole('dialog').getByRole('button', { name: 'Erase everything' });
    expect(await erase.isDisabled()).toBe(true);
    const host = await page.getByRole('heading', { level: 1 }).textContent();
    await page.getByLabel(`Type ${host} to confirm`).fill(host ?? '');
    expect(await erase.isEnabled()).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  it('has the form of the account page, which shows no secret', async () => {
    await open(`/connections/${connection}?tab=settings`);
    const form = page.getByRole('tabpanel', { name: 'Settings' });
    await until('the address is there', async () => {
      const values = await form
        .getByRole('textbox')
        .evaluateAll((fields) => fields.map((field) => (field as unknown as { value: string }).value));
      expect(values).not.toContain(carrier.apiKey);
      return values.includes(carrier.url);
    });
    expect(await inspectLooks(page)).toEqual([]);
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByRole('status').filter({ hasText: /Saved/ }).waitFor();
  });

  it('has its rules, which are tried on a sample order, by viewers only the stored ones', async () => {
    const rows = [{ price: { percent: 50 } }];
    await deployment.operator('PUT', `/connections/${connection}/rules`, { rows });
    const attempt = async (): Promise<void> => {
      const trial = page.getByRole('region', { name: 'Try them on an order' });
      await trial.getByLabel('Currency of the order').selectOption('RUB');
      await trial.getByLabel('To: country').selectOption('RU');
      await trial.getByLabel('To: city').fill('Moscow');
      await trial.getByRole('button', { name: 'Try' }).click();
      await trial.getByText('Rule 1 applies.').first().waitFor();
    };
    await open(`/connections/${connection}?tab=rules`);
    await attempt();
    await page.getByRole('button', { name: 'Save the rules' }).waitFor();
    expect(await inspectLooks(page)).toEqual([]);
    await open(`/connections/${connection}?tab=rules`, VIEW);
    await attempt();
    expect(await page.getByRole('button', { name: 'Save the rules' }).count()).toBe(0);
  });

  it('is set up at its service in place of others, by who may act', async () => {
    const others = 'https://other-program.example/hooks';
    service.occupy(others);
    const shop = await Account.connect(deployment, deployment.nextCrm(), 'hooked-carrier');
    const { id } = await deployment.getConnection(shop.crm);
    const secrets = { apiKey: service.apiKey, webhookSecret: 'a-strong-secret-of-it' };
    await deployment.operator('PUT', `/connections/${id}/settings`, { baseUrl: service.url, ...secrets });
    await open(`/connections/${id}?tab=settings`, VIEW);
    const panel = page.getByRole('region', { name: 'At the service' });
    await panel.getByText(`The service sends its events to ${others} (Shop of Anna).`).waitFor();
    expect(await panel.getByRole('button').count()).toBe(0);
    await open(`/connections/${id}?tab=settings`);
    await panel.getByRole('button', { name: 'Replace' }).click();
    await panel.getByText('The service sends its events here.').waitFor();
    expect(service.hooks.map(({ url }) => url)).toEqual([expect.stringContaining(`/hooked-carrier/webhooks/${id}`)]);
    await page.goto(address(`/system?tab=audit&shop=${id}`));
    await page.getByRole('cell', { name: 'connect · connections' }).waitFor();
    // The settings of this carrier can be checked, the settings of the other carrier cannot.
    const listChecks = async (of: string): Promise<unknown> =>
      (await deployment.operator<{ checks: string[] }>('GET', `/connections/${of}`)).checks;
    expect([await listChecks(id), await listChecks(connection)]).toEqual([['hooked-carrier'], []]);
    await open(`/connections/${id}`, VIEW);
    const recovery = 'We look for the result at the service by our reference';
    await page.getByRole('definition').filter({ hasText: recovery }).waitFor();
    const { lostReplies } = await deployment.operator<{ lostReplies: unknown }>('GET', `/connections/${id}`);
    const strategies = [
      { strategy: 'create-and-wait', text: 'The service accepts an order and checks it later: its number or its rejection follows' },
      { strategy: 'adopt-when-same', text: 'The service rejects a second order with the same number: the first is used' },
    ];
    expect(lostReplies).toEqual([{ provider: 'hooked-carrier', recovery: 'find', text: recovery, strategies }]);
    for (const { text } of strategies) await page.getByRole('definition').filter({ hasText: text }).waitFor();
  });

  it('shows the journal filtered by the search, and an entry by its address', async () => {
    await open(`/connections/${connection}?tab=journal&kind=callback`);
    await page.getByLabel('About').fill(ORDER);
    await page.keyboard.press('Enter');
    await until('only its callbacks are listed', async () => (await page.getByRole('row').count()) === 2);
    expect(await inspectLooks(page)).toEqual([]);
    await page.getByRole('button', { name: 'delivery.save' }).click();
    await page.getByRole('dialog').getByText('The CRM called us').waitFor();
    await page.reload();
    await page.getByRole('dialog').getByText('The CRM called us').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByLabel('About').inputValue()).toBe(ORDER);
    await page.getByRole('tab', { name: 'Deliveries' }).click();
    await page.getByRole('row').filter({ hasText: NUMBER }).first().waitFor();
    expect(await inspectLooks(page)).toEqual([]);
  });

  it('shows who may only look no button to act', async () => {
    const count = await failMessages(await save('4303'));
    await open(`/connections/${connection}`, VIEW);
    await page.getByRole('heading', { name: 'Registration' }).waitFor();
    const failed = page.getByRole('link', { name: `Messages to the CRM: ${count}` });
    await failed.waitFor();
    const acts = page.getByRole('button', { name: /Register|Freeze|Disconnect|Erase|Replay|Discard|Release|Check again|Stop/ });
    expect(await acts.count()).toBe(0);
    await failed.click();
    await page.getByRole('row').filter({ hasText: 'delivery.tracking' }).getByRole('link').click();
    await page.getByRole('columnheader', { name: 'Attempts' }).waitFor();
    expect(await acts.count()).toBe(0);
    await page.goto(address(`/connections/${connection}?tab=settings`));
    await page.getByRole('tabpanel', { name: 'Settings' }).getByRole('textbox').first().waitFor();
    expect(await page.getByRole('button', { name: /Save|Check now/ }).count()).toBe(0);
    await page.goto(address(`/stories/delivery/${deliveryId}`));
    await page.getByRole('heading', { name: 'Timeline' }).waitFor();
    expect(await acts.count()).toBe(0);
  });

  it('shows which page or shop does not exist', async () => {
    await open('/connections/01a21baf-c916-719d-88c0-75d692bb57e5');
    await page.getByText('There is no connection').waitFor();
    // The browser itself complains of the 404 that was asked for.
    expect(watch.complaints.splice(0)).toEqual([expect.stringContaining('404')]);
    await search(COMMENT);
    await page.getByText('No results').waitFor();
    await page.getByText(COMMENT).waitFor();
  });
});

function readClipboard(): Promise<string> {
  return page.evaluate(() =>
    (globalThis as unknown as { navigator: { clipboard: { readText(): Promise<string> } } }).navigator.clipboard.readText(),
  );
}
