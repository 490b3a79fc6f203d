import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { Account } from '../apps/api/test/support/account.js';
import { browserPath, startBrowser } from '../apps/api/test/support/browser.js';
import { Crm } from '../apps/api/test/support/crm.js';
import { Deployment, START_MS } from '../apps/api/test/support/deployment.js';
import { MessageGateway } from '../lab/doubles/message-gateway/index.js';
import { TelegramDouble } from '../lab/doubles/telegram/index.js';
import { ControlClient } from '../lab/sandbox-crm/src/cli/control-client.js';
import { runDemo } from '../lab/sandbox-crm/src/demo/demo.js';
import { Shop, takeWidgetPictures } from './docs/pictures.mjs';
import { freePort } from './processes.mjs';
import { root } from './project.mjs';

(browserPath === undefined ? describe.skip : describe)('the pictures of a listing', () => {
  let gateway: MessageGateway;
  let telegram: TelegramDouble;
  let crms: readonly [Crm, Crm];
  let deployment: Deployment;
  let browser: Browser;

  beforeAll(async () => {
    const port = String(await freePort());
    const url = `http://127.0.0.1:${port}`;
    [gateway, telegram, browser] = await Promise.all([
      MessageGateway.start(),
      TelegramDouble.start({ webhookUrls: 'any' }),
      startBrowser(),
    ]);
    const options = { pages: join(root, 'dist/web'), modulesUrl: url, chatGateway: gateway.url };
    crms = await Promise.all([Crm.start(options), Crm.start(options)]);
    const variables = { PORT: port, PUBLIC_URL: url, MODULES: 'ledger,telegram', TELEGRAM_URL: telegram.url };
    deployment = await Deployment.start({ crms, variables });
  }, START_MS);
  afterAll(async () => {
    await browser?.close();
    await deployment?.stop();
    await Promise.all([gateway, telegram, ...(crms ?? [])].map((one) => one?.close()));
  }, START_MS);

  it.each([
    ["an order's widget", 'ledger', 'order/card:list.after', 0],
    ["a customer's widget", 'telegram', 'customer/card:communications.after', 1],
  ] as const)('show %s and its open sidebar after the demo of %s', async (_title, module, target, place) => {
    const crm = crms[place];
    await Account.connect(deployment, crm, module);
    const shop = new Shop(crm.url, deployment.url, {}, {});
    expect(await takeWidgetPictures(browser, shop, target)).toBeUndefined();
    const printed: string[] = [];
    const code = await runDemo(new ControlClient(crm.url, 'default'), {
      ...{ module, moduleUrl: `${deployment.url}/${module}`, secret: deployment.getSecret(module), messenger: telegram.url },
      ...{ operatorToken: deployment.variables.OPERATOR_TOKEN, wait: 30_000, print: (line) => void printed.push(line) },
    });
    expect([code, code !== 0 && printed.join('\n')]).toEqual([0, false]);
    const { button, sidebar } = (await takeWidgetPictures(browser, shop, target)) ?? {};
    for (const picture of [button, sidebar]) expect(picture?.subarray(1, 4).toString()).toBe('PNG');
    expect(sidebar).not.toEqual(button);
  });
});
