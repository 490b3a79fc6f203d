import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { browserPath, startBrowser } from './support/browser.js';
import { Deployment, START_MS } from './support/deployment.js';
import { findBarriers, measureOverflow, PageWatch } from './support/page-watch.js';

let deployment: Deployment;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let watch: PageWatch;

const address = (path = ''): string => `${deployment.url}/operator${path}`;

async function signIn(): Promise<void> {
  await page.goto(address());
  await page.getByLabel('Operator’s token').fill(deployment.variables.OPERATOR_TOKEN ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
}

(browserPath === undefined ? describe.skip : describe)('the console in a browser', () => {
  beforeAll(async () => {
    [deployment, browser] = await Promise.all([Deployment.start({ accounts: 0, workers: 0 }), startBrowser()]);
  }, START_MS);
  afterAll(async () => {
    await browser?.close();
    await deployment?.stop();
  }, START_MS);
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
    watch = new PageWatch(page, [deployment.url]);
  });
  afterEach(async () => {
    expect(watch).toMatchObject({ complaints: [], foreign: [] });
    await context.close();
  });

  it('signs in with a token, stays signed in, and signs out', async () => {
    await signIn();
    await page.reload();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'operator' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Operator’s token').waitFor();
    expect(await context.cookies()).toEqual([]);
  });

  it('says that an address is none of its pages, and leaves those of the API alone', async () => {
    await signIn();
    await page.goto(address('/no/such/page'));
    await page.getByText('There is no such page').waitFor();
    const reply = await fetch(address('/api/no-such-list'));
    expect([reply.status, reply.headers.get('content-type')]).toEqual([404, 'application/json; charset=utf-8']);
  });

  it('may not be framed, and takes nothing but its own files', async () => {
    const reply = await fetch(address('/shops/1'));
    const policy = reply.headers.get('content-security-policy') ?? '';
    expect(policy.split('; ')).toEqual(expect.arrayContaining(["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]));
    expect(policy).not.toMatch(/unsafe|nonce|\*/);
    expect(await reply.text()).not.toMatch(/ style=|<style| on\w+=/);
  });

  it('sends at most 80 kB for its first view', async () => {
    const bodies: Promise<number>[] = [];
    page.on('response', (response) => bodies.push(response.body().then((body) => gzipSync(body).length)));
    await page.goto(address());
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    const sizes = await Promise.all(bodies);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(80_000);
  });

  describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
    it.each([1280, 390])('has no barrier at %i px', async (width) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await page.goto(address());
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      expect(await findBarriers(page)).toEqual([]);
      await signIn();
      expect(await findBarriers(page)).toEqual([]);
      expect(await measureOverflow(page)).toBe(0);
    });
  });
});
