/** Takes the pictures of the modules' pages, from a deployment with a sandbox CRM that it starts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { freePort, run, waitUntil } from '../processes.mjs';
import { SetupError, during, root, say } from '../project.mjs';
import { LANGUAGES, listModules, placePicture } from './modules.mjs';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** Pixels of a picture. */
const SIZE = { width: 1000, height: 760 };
/** Milliseconds until a page has its values. */
const SETTLE_TIME = 700;
/** Milliseconds for a page of a module in the CRM's menu. */
const TABLE_TIME = 10_000;
/** Milliseconds for the button of a widget. */
const BUTTON_TIME = 3_000;
/** Number of the latest orders that are tried. */
const TRIED_ORDERS = 8;
/** Seconds between calls of customers at a double of a PBX. */
const CALL_EVERY = 3;
/** Milliseconds for the start of everything. */
const START_TIME = 180_000;

/**
 * Takes a picture for each module and language, into docs/pictures/modules.
 * @throws {SetupError} if there is no browser, or the deployment does not start
 */
export async function takePictures() {
  const modules = (await listModules()).map(({ manifest }) => /** @type {string} */ (manifest.code));
  await openSandbox(modules, async (browser, shop) => {
    for (const language of LANGUAGES) {
      await shop.setLanguage(language);
      for (const code of modules) {
        const file = join(root, 'docs', placePicture(language, code));
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, await toWebp(browser, await takePicture(browser, shop, code)));
      }
      say(`took ${modules.length} pictures in ${language}`);
    }
  });
}

/**
 * Starts a deployment with a sandbox CRM and a browser, connects modules, and stops everything after `work`.
 * @template T
 * @param {readonly string[]} modules codes
 * @param {(browser: import('playwright-core').Browser, shop: Shop) => Promise<T>} work
 * @returns {Promise<T>}
 * @throws {SetupError} if there is no browser, or the deployment does not start
 */
export async function openSandbox(modules, work) {
  const executablePath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => BROWSERS.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
  if (executablePath === undefined) throw new SetupError('Pictures need Chromium. Install it: apt-get install chromium');
  const dataDir = mkdtempSync(join(tmpdir(), 'crossdock-pictures-'));
  const [PORT, SANDBOX_PORT] = [String(await freePort()), String(await freePort())];
  // The settings of a deployment never reach it, neither from the environment nor from .env.
  const none = Object.fromEntries(
    ['PUBLIC_URL', 'DATABASE_URL', 'REDIS_URL', 'ENCRYPTION_KEY', 'OPERATOR_PORT', 'WIDGETS', 'WIDGETS_PUBLISHED'].map((name) => [
      name,
      '',
    ]),
  );
  const own = { PORT, SANDBOX_PORT, DATA_DIR: dataDir, NODE_ENV: 'development', MODULES: modules.join(',') };
  const doubles = await startDoubles(modules);
  const env = { ...process.env, ...none, ...own, ...doubles.env };
  const up = spawn(process.execPath, [join(root, 'scripts/up.mjs')], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  up.stdout.on('data', (data) => (output += data));
  const ended = once(up, 'exit');
  const browser = await chromium.launch({ executablePath });
  try {
    if (!(await waitUntil(() => output.includes('ready in') || up.exitCode !== null, START_TIME, 200)) || up.exitCode !== null)
      throw new SetupError(`The deployment does not start:\n${output}`);
    const { api, sandbox } = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8'));
    const shop = new Shop(sandbox, api, env, doubles.urls);
    for (const code of modules) await shop.connect(code);
    return await work(browser, shop);
  } finally {
    await browser.close();
    up.kill('SIGTERM');
    await ended;
    await doubles.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/**
 * Starts doubles of the modules' services and of the message gateway, unless their variables are set.
 * @param {readonly string[]} modules codes
 */
async function startDoubles(modules) {
  const { LAUNCHES } = await import(pathToFileURL(join(root, 'dist/lab/doubles/launches.js')).href);
  /** @type {Record<string, string>} */
  const env = {};
  /** @type {Record<string, string>} */
  const urls = {};
  /** @type {{ close(): Promise<void> }[]} */
  const running = [];
  for (const code of [...modules, 'message-gateway']) {
    const { variable = code === 'message-gateway' && 'CHAT_GATEWAY_URL', options = [], start } = LAUNCHES[code] ?? {};
    if (!variable || process.env[variable]) continue;
    const defaults = options.map((/** @type {import('commander').Option} */ option) => [option.attributeName(), option.defaultValue]);
    const double = await start({ ...Object.fromEntries(defaults), every: CALL_EVERY });
    running.push(double);
    env[variable] = urls[code] = double.url;
  }
  return { env, urls, close: () => Promise.all(running.map((double) => double.close())) };
}

/** An account of the sandbox CRM. */
export class Shop {
  /**
   * @param {string} sandbox address of the sandbox CRM
   * @param {string} api address of the deployment
   * @param {NodeJS.ProcessEnv} env of both
   * @param {Readonly<Record<string, string>>} doubles addresses, by module
   */
  constructor(sandbox, api, env, doubles) {
    this.sandbox = sandbox;
    this.url = `${sandbox}/sandbox/accounts/default`;
    this.api = api;
    this.env = env;
    this.doubles = doubles;
  }

  /**
   * Plays the sandbox's demo of a module: orders with deliveries, payments and so on.
   * @param {string} code
   * @returns {Promise<boolean>} whether all of it worked
   */
  async playDemo(code) {
    const messenger = (await this.readRegistration(code)).integrations.mgTransport && this.doubles[code];
    const demo = [
      join(root, 'dist/lab/sandbox-crm/src/cli.js'),
      'demo',
      '--module',
      code,
      ...(messenger ? ['--messenger', messenger] : []),
    ];
    return (await during('playing the demo', run(process.execPath, demo, { cwd: root, env: this.env, onLine: () => {} }))) === 0;
  }

  /**
   * Connects a module, unless it is connected.
   * @param {string} code
   */
  async connect(code) {
    const { ok, ...reply } = await this.call('POST', `modules/${code}/connect`, { moduleUrl: `${this.api}/${code}` });
    if (!ok) throw new SetupError(`${code} cannot be connected: ${JSON.stringify(reply)}`);
  }

  /** @param {string} language such as `es` */
  setLanguage(language) {
    return this.call('PUT', 'settings', { system_language: language.toUpperCase() });
  }

  /**
   * Returns the registration that a connected module has sent to the CRM.
   * @param {string} code
   * @returns {Promise<any>}
   */
  async readRegistration(code) {
    return (await this.call('GET', `modules/${code}`)).registration;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<any>}
   */
  async call(method, path, body) {
    const sent = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return (await fetch(`${this.url}/${path}`, { method, ...sent })).json();
  }
}

/**
 * Opens the page of a module as the CRM does.
 * @param {import('playwright-core').Browser} browser
 * @param {Shop} shop
 * @param {string} code
 * @returns {Promise<Buffer>} PNG
 */
export async function takePicture(browser, shop, code) {
  const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light' });
  try {
    await page.setContent(
      `<form method="post" action="${shop.api}/${code}/account"><input name="clientId" value="${(await shop.readRegistration(code)).clientId}"><button>Open</button></form>`,
    );
    await page.getByRole('button', { name: 'Open' }).click();
    await page.locator('.ui-menu a').first().waitFor();
    // The page keeps a stream of changes open, so its network never rests.
    await page.waitForTimeout(SETTLE_TIME);
    return await page.screenshot();
  } finally {
    await page.close();
  }
}

/**
 * Opens a page of a module in the CRM's menu, as the sandbox CRM shows it.
 * @param {import('playwright-core').Browser} browser
 * @param {Shop} shop
 * @param {string} code
 * @param {string} name of the page
 * @returns {Promise<Buffer>} PNG
 */
export async function takeMenuPicture(browser, shop, code, name) {
  const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light' });
  try {
    await page.goto(`${shop.sandbox}/#/modules/${code}/pages/${name}`);
    // The first tab lists problems.
    await page
      .getByRole('tab')
      .last()
      .click({ timeout: TABLE_TIME })
      .catch(() => {});
    // A page without records has no table.
    await page
      .locator('table')
      .first()
      .waitFor({ timeout: TABLE_TIME })
      .catch(() => {});
    await page.waitForTimeout(SETTLE_TIME);
    return await page.screenshot();
  } finally {
    await page.close();
  }
}

/**
 * Opens the widget at a target of the CRM's cards, in the latest order or customer that has one.
 * @param {import('playwright-core').Browser} browser
 * @param {Shop} shop
 * @param {string} target such as `order/card:delivery.after`
 * @returns {Promise<{ button: Buffer, sidebar: Buffer } | undefined>} PNG. Undefined: no record has a widget there
 */
export async function takeWidgetPictures(browser, shop, target) {
  const { orders } = await shop.call('GET', `orders?limit=${TRIED_ORDERS}`);
  const screens = orders.map((/** @type {any} */ { id, customer }) =>
    target.startsWith('order/') ? `orders/${id}` : `customers/${customer?.id}`,
  );
  for (const screen of new Set(screens.toReversed())) {
    const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light' });
    try {
      await page.goto(`${shop.sandbox}/#/${screen}`);
      await page.getByRole('button', { name: 'Show the widgets' }).click({ timeout: TABLE_TIME });
      const slot = page.locator('.widget-slots > div', { has: page.getByText(target, { exact: true }) });
      const button = slot.getByRole('button').first();
      const isShown = await button.waitFor({ timeout: BUTTON_TIME }).then(
        () => true,
        () => false,
      );
      if (!isShown) continue;
      await button.scrollIntoViewIfNeeded();
      await page.waitForTimeout(SETTLE_TIME);
      const picture = await page.screenshot();
      await button.click();
      await page.getByRole('dialog').getByRole('heading', { level: 3 }).first().waitFor({ timeout: TABLE_TIME });
      await page.waitForTimeout(SETTLE_TIME);
      return { button: picture, sidebar: await page.screenshot() };
    } finally {
      await page.close();
    }
  }
  return undefined;
}

/**
 * Converts a picture in the browser, because WebP is a quarter of PNG here.
 * @param {import('playwright-core').Browser} browser
 * @param {Buffer} png
 */
async function toWebp(browser, png) {
  const page = await browser.newPage();
  const url = await page.evaluate(
    async (source) => {
      const { Image, document } = /** @type {any} */ (globalThis);
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [image.width, image.height];
      canvas.getContext('2d').drawImage(image, 0, 0);
      return canvas.toDataURL('image/webp', 0.8);
    },
    `data:image/png;base64,${png.toString('base64')}`,
  );
  await page.close();
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}
