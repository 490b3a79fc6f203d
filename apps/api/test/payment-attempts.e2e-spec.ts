import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeGateway } from '#testing';
import { browserPath, startBrowser } from './support/browser.js';
import type { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { BuyerPage, PaymentDesk } from './support/payment-desk.js';
import { until } from './support/until.js';

/** Payments in several steps: posted by a form, authorized, captured, declined and paid again. */

let deployment: Deployment;
let gateway: FakeGateway;
let crm: Crm;
let desk: PaymentDesk;

type Invoice = Awaited<ReturnType<PaymentDesk['invoice']>>;

interface Row {
  status: string;
  external_id: string;
  capture_at: Date | null;
  details: { declined?: string; capturing?: number };
}

beforeAll(async () => {
  gateway = await FakeGateway.start();
  deployment = await Deployment.start({ accounts: 2, withFakeCarrier: true });
  await open('fake-gateway');
}, START_MS);

afterAll(async () => {
  await deployment?.stop();
  await gateway?.close();
});

afterEach(() => {
  gateway.setModes({ sales: 'taken', holds: 'held', pages: 'link', captures: 'done', holdSeconds: 7 * 86_400 });
  gateway.faults.clear();
  crm.recover();
  expect(crm.complaints).toEqual([]);
  expect(desk.wentBack()).toEqual([]);
});

/** Connects a module of the gateway to another account. */
async function open(module: string): Promise<void> {
  crm = deployment.nextCrm();
  desk = await PaymentDesk.open(deployment, crm, module);
  const { id } = await deployment.getConnection(crm);
  const path = `/connections/${id}/settings`;
  const { values } = await deployment.operator<{ values: object }>('GET', path);
  await deployment.operator('PUT', path, { ...values, baseUrl: gateway.url, token: gateway.token });
  gateway.setWebhookUrl({ url: `${deployment.url}/${module}/webhooks/${id}` });
}

/** An invoice whose page the buyer has opened and paid. */
async function pay(shopId: 'main' | 'two-stages'): Promise<Invoice> {
  const invoice = await desk.invoice({ shopId });
  expect((await new BuyerPage(invoice.invoiceUrl).open()).status).toBe(303);
  gateway.pay(invoice.paymentId);
  return invoice;
}

async function findRow(paymentId: string): Promise<Row | undefined> {
  const rows = await deployment.stores.query<Row>('SELECT status, external_id, capture_at, details FROM payment WHERE id = $1', [
    paymentId,
  ]);
  return rows[0];
}

const becomes = (paymentId: string, status: string): Promise<unknown> =>
  until(`the payment is ${status}`, async () => (await findRow(paymentId))?.status === status);
const listEffects = ({ paymentId }: Invoice): string[] =>
  gateway.effects.filter((effect) => effect.endsWith(paymentId)).map((effect) => effect.split(' ')[0] ?? '');
const listNotices = (kind: string, { paymentId }: Invoice): Promise<object[]> =>
  deployment.stores.query('SELECT payload FROM outbox WHERE subject = $1', [`${kind} ${paymentId}`]);
const readNow = (paymentId: string): Promise<unknown> =>
  deployment.stores.query(`UPDATE payment SET read_at = now() WHERE id = $1`, [paymentId]);

describe('a declined capture', () => {
  it('lets the buyer pay again by the same link, and the money is captured once', async () => {
    gateway.setModes({ sales: 'held', captures: 'declined' });
    const invoice = await pay('main');
    await until('the capture is declined', async () => (await findRow(invoice.paymentId))?.details.declined !== undefined);
    expect(await findRow(invoice.paymentId)).toMatchObject({ status: 'pending', capture_at: null });
    const page = new BuyerPage(invoice.invoiceUrl);
    const returned = await page.open('?done=1');
    expect([returned.status, returned.bytes.toString()]).toEqual([200, expect.stringContaining('declined the payment')]);
    const first = (await findRow(invoice.paymentId))?.external_id;
    gateway.setModes({ captures: 'done' });
    expect((await page.open()).status).toBe(303);
    expect((await page.open('?done=1')).status).toBe(303);
    expect((await findRow(invoice.paymentId))?.external_id).not.toBe(first);
    gateway.pay(invoice.paymentId);
    await until('the CRM knows that it is paid', () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded');
    expect(listEffects(invoice)).toEqual(['create', 'capture', 'retry', 'capture']);
    expect(gateway.find(invoice.paymentId)).toMatchObject({ state: 'taken', taken: 1_234_50 });
    expect(desk.listStatuses(invoice.invoiceUuid)).toEqual(['succeeded']);
    const events = await deployment.stores.query<{ code: string }>('SELECT code FROM payment_event WHERE payment_id = $1 ORDER BY id', [
      invoice.paymentId,
    ]);
    expect(events.map(({ code }) => code)).toEqual(['pending', 'waitingForCapture', 'declined', 'waitingForCapture', 'succeeded']);
  });

  it('in two stages answers the CRM with the reason, which stays at the hold, and the administrators get a notice', async () => {
    const invoice = await pay('two-stages');
    await until('the CRM knows of the hold', () => desk.findLast(invoice.invoiceUuid)?.status === 'waitingForCapture');
    gateway.setModes({ captures: 'declined' });
    const refused = await desk.approve(invoice.paymentId);
    expect([refused.status, refused.bytes.toString()]).toEqual([400, expect.stringContaining('The bank declined the payment')]);
    expect((await desk.approve(invoice.paymentId)).status).toBe(400);
    expect(await desk.status(invoice.paymentId)).toMatchObject({ status: 'waitingForCapture' });
    expect(JSON.stringify(await listNotices('declined', invoice))).toContain('1234.50 RUB');
    gateway.setModes({ captures: 'done' });
    expect((await new BuyerPage(invoice.invoiceUrl).open()).status).toBe(303);
    gateway.pay(invoice.paymentId);
    await becomes(invoice.paymentId, 'waitingForCapture');
    expect((await desk.approve(invoice.paymentId)).status).toBe(200);
    await until('the CRM knows that it is paid', () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded');
    expect(desk.listStatuses(invoice.invoiceUuid)).toEqual(['waitingForCapture', 'succeeded']);
    expect(listEffects(invoice)).toEqual(['create', 'capture', 'retry', 'capture']);
  });
});

describe('a capture that the gateway decides later', () => {
  it.each(['main', 'two-stages'] as const)('is read and not repeated until it is captured, of the shop %s', async (shopId) => {
    gateway.setModes({ sales: 'held', captures: 'pending' });
    const invoice = await pay(shopId);
    await becomes(invoice.paymentId, 'waitingForCapture');
    if (shopId === 'two-stages') for (let n = 0; n < 2; n++) expect((await desk.approve(invoice.paymentId)).status).toBe(200);
    await until('it is being captured', async () => (await findRow(invoice.paymentId))?.details.capturing === 1_234_50);
    const reads = gateway.countCalls('get');
    await readNow(invoice.paymentId);
    await until('it is read', () => gateway.countCalls('get') > reads);
    expect(await findRow(invoice.paymentId)).toMatchObject({ status: 'waitingForCapture', capture_at: null });
    gateway.settle(invoice.paymentId, 'done');
    await until('the CRM knows that it is paid', () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded');
    expect(gateway.countCalls('capture')).toBe(gateway.made('capture'));
    expect(listEffects(invoice)).toEqual(['create', 'capture']);
  });

  it('ends as declined by a reading', async () => {
    gateway.setModes({ sales: 'held', captures: 'pending' });
    const invoice = await pay('main');
    await until('it is being captured', async () => (await findRow(invoice.paymentId))?.details.capturing === 1_234_50);
    gateway.settle(invoice.paymentId, 'declined');
    await becomes(invoice.paymentId, 'pending');
    expect((await findRow(invoice.paymentId))?.details).toMatchObject({ declined: 'The bank declined the payment' });
  });
});

describe("the gateway's deadline of a hold", () => {
  it('that passes while the CRM is unavailable is reported to the shop and the operator, once', async () => {
    gateway.setModes({ sales: 'held', holdSeconds: 2 });
    crm.fail('*/payment/check', { kind: 'error-before', status: 500 }, 1_000);
    const invoice = await pay('main');
    await becomes(invoice.paymentId, 'waitingForCapture');
    expect(gateway.find(invoice.paymentId).heldUntil).toBeDefined();
    await until('the time is over', () => Date.parse(gateway.find(invoice.paymentId).heldUntil ?? '') < Date.now());
    gateway.endHold(invoice.paymentId);
    await becomes(invoice.paymentId, 'canceled');
    await readNow(invoice.paymentId);
    expect(listEffects(invoice)).toEqual(['create']);
    const notices = await listNotices('missed', invoice);
    expect([notices.length, JSON.stringify(notices)]).toEqual([1, expect.stringContaining('1234.50 RUB')]);
  });

  it('of a hold that the shop cancels too late is not reported', async () => {
    gateway.setModes({ holdSeconds: 0 });
    const invoice = await pay('two-stages');
    await becomes(invoice.paymentId, 'waitingForCapture');
    expect((await desk.cancel(invoice.paymentId)).status).toBe(200);
    expect(await listNotices('missed', invoice)).toEqual([]);
  });
});

describe('money that the buyer approved and we have to hold', () => {
  it('is authorized once and then captured, although the reply is lost', async () => {
    gateway.setModes({ holds: 'approved' });
    gateway.fail('authorize', { kind: 'drop-after' });
    const invoice = await pay('two-stages');
    await until('the outcome is looked up', async () => {
      await deployment.stores.query(`UPDATE operation SET check_at = now() WHERE state = 'unknown'`);
      return (await findRow(invoice.paymentId))?.status === 'waitingForCapture';
    });
    // An update that waits is sent with its latest state.
    await until('the CRM knows that it is held', () => desk.findLast(invoice.invoiceUuid)?.status === 'waitingForCapture');
    expect((await desk.approve(invoice.paymentId)).status).toBe(200);
    await until('the CRM knows that it is paid', () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded');
    expect(desk.listStatuses(invoice.invoiceUuid)).toEqual(['waitingForCapture', 'succeeded']);
    expect(listEffects(invoice)).toEqual(['create', 'authorize', 'capture']);
  });

  it('is authorized once although the worker is killed meanwhile, and the event is lost', async () => {
    await deployment.separate('worker');
    gateway.setModes({ holds: 'approved' });
    gateway.webhooks.mode = 'off';
    gateway.fail('authorize', { kind: 'drop-after' }, 2);
    const invoice = await desk.invoice({ shopId: 'two-stages' });
    const page = new BuyerPage(invoice.invoiceUrl);
    expect((await page.open()).status).toBe(303);
    gateway.pay(invoice.paymentId);
    // The buyer comes back first.
    expect((await page.open('?done=1')).status).toBe(200);
    await until('it is being authorized', () => gateway.effects.includes(`authorize ${invoice.paymentId}`));
    await deployment.killWorkers();
    await deployment.startWorker();
    await until('it is held', async () => {
      await deployment.stores.query(
        `UPDATE operation SET check_at = now(), lease_until = least(lease_until, now()) WHERE state IN ('unknown', 'running')`,
      );
      await readNow(invoice.paymentId);
      return (await findRow(invoice.paymentId))?.status === 'waitingForCapture';
    });
    gateway.webhooks.mode = 'auto';
    expect(listEffects(invoice)).toEqual(['create', 'authorize']);
    expect((await desk.cancel(invoice.paymentId)).status).toBe(200);
  });

  it('is missed if it could not be authorized before the deadline, which is reported', async () => {
    gateway.setModes({ holds: 'approved', holdSeconds: 1 });
    gateway.fail('authorize', { kind: 'error-before', status: 503 }, 1_000);
    const invoice = await pay('two-stages');
    await until('it was tried', () => gateway.calls.some(({ call, url }) => call === 'authorize' && url.includes(invoice.paymentId)));
    await until('the time is over', () => Date.parse(gateway.find(invoice.paymentId).heldUntil ?? '') < Date.now());
    gateway.endHold(invoice.paymentId);
    await becomes(invoice.paymentId, 'canceled');
    expect(await listNotices('missed', invoice)).toHaveLength(1);
    expect(listEffects(invoice)).toEqual(['create']);
  });
});

describe('a checkout by a posted form', () => {
  it("is a page in the buyer's language that may post to the gateway only, and keeps the fields out of addresses", async () => {
    gateway.setModes({ pages: 'form' });
    const invoice = await desk.invoice({ shopId: 'main' });
    const reply = await new BuyerPage(invoice.invoiceUrl, 'es').open();
    const html = reply.bytes.toString();
    expect([reply.status, html]).toEqual([200, expect.stringContaining('<button>Ir al pago</button>')]);
    const policy = reply.headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`form-action ${gateway.url};`);
    expect(policy).toMatch(/^default-src 'none'; .*script-src 'nonce-[^']+'; /);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    const [, action = ''] = /action="([^"]+)"/.exec(html) ?? [];
    const fields = [...html.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']) => [name, value] as [string, string],
    );
    expect(Object.keys(Object.fromEntries(fields))).toEqual(['payment', 'signature', 'submit']);
    expect((await fetch(action)).status).toBe(404);
    const posted = await fetch(action, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) });
    expect([posted.status, posted.headers.get('location')]).toEqual([303, `${gateway.url}/pay/${invoice.paymentId}`]);
    gateway.pay(invoice.paymentId);
    await until('the CRM knows that it is paid', () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded');
  });

  (browserPath === undefined ? it.skip : it)('is posted by a browser, with scripts and without', async () => {
    gateway.setModes({ pages: 'form' });
    const browser = await startBrowser();
    try {
      for (const javaScriptEnabled of [true, false]) {
        const { invoiceUrl, paymentId } = await desk.invoice({ shopId: 'main' });
        const page = await (await browser.newContext({ javaScriptEnabled })).newPage();
        await page.goto(invoiceUrl);
        if (!javaScriptEnabled) await page.click('button');
        await page.waitForURL(`${gateway.url}/pay/${paymentId}`);
      }
    } finally {
      await browser.close();
    }
  });
});

describe('money that the buyer approved at a gateway without idempotency keys', () => {
  /** Looks everything up now, and waits until the money is held. */
  const becomesHeld = ({ paymentId }: Invoice): Promise<unknown> =>
    until('it is held', async () => {
      await deployment.stores.query(
        `UPDATE operation SET check_at = now(), lease_until = least(lease_until, now()) WHERE state IN ('unknown', 'running')`,
      );
      await readNow(paymentId);
      return (await findRow(paymentId))?.status === 'waitingForCapture';
    });
  const countAttempts = ({ paymentId }: Invoice): number =>
    gateway.calls.filter(({ call, url }) => call === 'authorize' && url.includes(paymentId)).length;

  beforeAll(() => open('searched-gateway'));
  beforeEach(() => gateway.setModes({ holds: 'approved' }));

  it('is looked up and not authorized again after a lost reply', async () => {
    gateway.fail('authorize', { kind: 'drop-after' });
    const invoice = await pay('two-stages');
    await becomesHeld(invoice);
    expect([countAttempts(invoice), listEffects(invoice)]).toEqual([1, ['create', 'authorize']]);
    expect((await desk.approve(invoice.paymentId)).status).toBe(200);
    await until('the CRM knows that it is paid', () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded');
    expect(listEffects(invoice)).toEqual(['create', 'authorize', 'capture']);
  });

  it('is authorized by another attempt if the lost call never arrived', async () => {
    gateway.fail('authorize', { kind: 'drop-before' });
    const invoice = await pay('two-stages');
    await becomesHeld(invoice);
    expect([countAttempts(invoice), listEffects(invoice)]).toEqual([2, ['create', 'authorize']]);
    expect((await desk.cancel(invoice.paymentId)).status).toBe(200);
  });

  it('is looked up after SIGKILL of the worker that had just sent the call', async () => {
    await deployment.separate('worker');
    gateway.webhooks.mode = 'off';
    gateway.fail('authorize', { kind: 'hang' });
    const invoice = await pay('two-stages');
    await readNow(invoice.paymentId);
    await until('it is being authorized', () => listEffects(invoice).includes('authorize'));
    await deployment.killWorkers();
    await deployment.startWorker();
    await becomesHeld(invoice);
    gateway.webhooks.mode = 'auto';
    expect([countAttempts(invoice), listEffects(invoice)]).toEqual([1, ['create', 'authorize']]);
    expect((await desk.cancel(invoice.paymentId)).status).toBe(200);
  });
});
