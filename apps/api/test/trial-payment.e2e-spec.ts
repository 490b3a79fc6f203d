import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MercadoPagoDouble } from '../../../lab/doubles/mercadopago/index.js';
import { StripeDouble } from '../../../lab/doubles/stripe/index.js';
import { readRefusal } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { Deployment, START_MS } from './support/deployment.js';
import { BuyerPage, PaymentDesk } from './support/payment-desk.js';

interface Trial {
  url?: string;
  isDone: boolean;
}

const TEST_KEY = 'sk_test_trial';
const LIVE_KEY = 'sk_live_trial';
/** Tokens of Mercado Pago look alike. */
const TEST_USER = 'APP_USR-of-a-test-user';
const LIVE_USER = 'APP_USR-of-a-shop';

let deployment: Deployment;
let stripe: StripeDouble;
let mercadoPago: MercadoPagoDouble;

/** Connects a module to a new account, and opens its page. */
async function open(module: string): Promise<{ desk: PaymentDesk; page: AccountPage }> {
  const desk = await PaymentDesk.open(deployment, deployment.nextCrm(), module);
  return { desk, page: await AccountPage.open(desk.account) };
}

async function trial(page: AccountPage, verb: 'GET' | 'POST'): Promise<Trial> {
  const reply = await page.call(verb, 'trial');
  expect(reply.status).toBe(200);
  return reply.json as Trial;
}

const enterKey = (page: AccountPage, secretKey: string): Promise<{ status: number }> =>
  page.save({ shops: [{ code: 'main', name: 'Tienda', active: true, capture: 'automatic', secretKey }] });
/** The last of the first steps. */
const lastStep = async (page: AccountPage): Promise<unknown> =>
  ((await page.call('GET', 'first-steps')).json as { steps: unknown[] }).steps.at(-1);
/** Calls to the CRM about payments, and the operator's list of payments. */
async function listTraces({ crm }: PaymentDesk): Promise<unknown[]> {
  const { items } = await deployment.operator<{ items: unknown[] }>(
    'GET',
    `/payments?connection=${(await deployment.getConnection(crm)).id}`,
  );
  return [...crm.calls.filter(({ name }) => name.startsWith('payments.')), ...items];
}

describe('a test payment from the account page', () => {
  beforeAll(async () => {
    stripe = await StripeDouble.start({ key: TEST_KEY });
    stripe.addAccount(LIVE_KEY, 'whsec_of_the_live_account');
    mercadoPago = await MercadoPagoDouble.start({ token: TEST_USER, site: 'MLA', isTest: true });
    mercadoPago.addAccount({ token: LIVE_USER, site: 'MLA', webhookSecret: 'secret-of-a-shop' });
    const urls = { STRIPE_URL: stripe.url, MERCADOPAGO_URL: mercadoPago.url };
    deployment = await Deployment.start({ accounts: 6, variables: { MODULES: 'stripe,testpay,mercadopago', ...urls } });
  }, START_MS);
  afterAll(async () => {
    await deployment?.stop();
    await stripe?.close();
    await mercadoPago?.close();
  }, START_MS);

  it('is made in a hosted page, and leaves no trace in the CRM', async () => {
    const { desk, page } = await open('stripe');
    expect(readRefusal(await page.call('POST', 'trial')).status).toBe(404);
    expect((await enterKey(page, TEST_KEY)).status).toBe(200);
    expect(await lastStep(page)).toMatchObject({ isDone: false, canTry: true, text: expect.stringMatching('4242') as unknown });
    expect(await trial(page, 'GET')).toEqual({ isDone: false });

    const { url = '' } = await trial(page, 'POST');
    const buyer = new BuyerPage(url);
    const opened = await buyer.open();
    expect(opened.status).toBe(303);
    const [session] = stripe.sessions();
    expect(opened.headers.get('location')).toBe(session?.url);
    expect(await trial(page, 'GET')).toEqual({ url, isDone: false });
    stripe.book.pay(session?.id ?? '');
    expect(await trial(page, 'GET')).toEqual({ isDone: true });
    expect((await buyer.open('?done=1')).bytes.toString()).toMatch(/Test mode: you will not be charged[\s\S]*The test payment has arrived/);
    expect(await lastStep(page)).toMatchObject({ isDone: true });
    // A further press sends no call.
    expect(await trial(page, 'POST')).toEqual({ isDone: true });
    expect(stripe.sessions()).toHaveLength(1);
    expect(await listTraces(desk)).toEqual([]);
  });

  it('is never made with live credentials, not even if it was started with others', async () => {
    const { page } = await open('stripe');
    await enterKey(page, TEST_KEY);
    const { url = '' } = await trial(page, 'POST');
    const before = stripe.sessions().length;
    expect((await enterKey(page, LIVE_KEY)).status).toBe(200);
    expect(await lastStep(page)).not.toHaveProperty('canTry');
    const refusal = readRefusal(await page.call('POST', 'trial'));
    expect(refusal.status).toBe(404);
    expect(refusal.errorMsg).toContain('с тестовыми ключами');
    const opened = await new BuyerPage(url).open();
    expect([opened.status, opened.bytes.toString()]).toEqual([200, expect.stringContaining('is not accepting payments at the moment')]);
    expect(await trial(page, 'GET')).toEqual({ isDone: false });
    expect(stripe.sessions()).toHaveLength(before);
  });

  it('is made by a test user of Mercado Pago, and by no one else', async () => {
    const { desk, page } = await open('mercadopago');
    const shop = { code: 'main', name: 'Tienda', active: true, webhookSecret: 'secret-of-a-shop' };
    const enter = (accessToken: string, test: boolean): Promise<{ status: number }> =>
      page.save({ shops: [{ ...shop, accessToken, test }] });
    expect((await enter(TEST_USER, false)).status).toBe(200);
    expect(readRefusal(await page.call('POST', 'trial')).status).toBe(404);
    expect((await enter(LIVE_USER, true)).status).toBe(400);
    expect((await enter(TEST_USER, true)).status).toBe(200);
    expect(await lastStep(page)).toMatchObject({ isDone: false, canTry: true, text: expect.stringMatching('APRO') as unknown });

    const { url = '' } = await trial(page, 'POST');
    const [order] = mercadoPago.orders();
    expect(order).toMatchObject({ id: expect.stringMatching(/^ORDTST/) as unknown });
    expect((await new BuyerPage(url).open()).headers.get('location')).toContain(order?.id);
    mercadoPago.book.pay(order?.id ?? '', 'APRO');
    expect(await trial(page, 'GET')).toEqual({ isDone: true });
    expect(await lastStep(page)).toMatchObject({ isDone: true });
    expect(mercadoPago.orders()).toHaveLength(1);
    expect(await listTraces(desk)).toEqual([]);
  });

  it('shows why the service rejects it', async () => {
    const { page } = await open('stripe');
    await enterKey(page, TEST_KEY);
    for (let repeats = 0; repeats < 2; repeats++) stripe.fail('createSession', { kind: 'error-before', status: 500 });
    expect((await page.call('POST', 'trial')).status).toBe(502);
    expect(await trial(page, 'GET')).toEqual({ isDone: false });
  });

  it("is made in the module's own page", async () => {
    const { desk, page } = await open('testpay');
    expect(await lastStep(page)).toMatchObject({ isDone: false, canTry: true });
    const { url: first = '' } = await trial(page, 'POST');
    const { url = '' } = await trial(page, 'POST');
    expect((await new BuyerPage(first).open()).status).toBe(404);
    const buyer = new BuyerPage(url);
    expect((await buyer.open('?sample=0')).bytes.toString()).toMatch(
      /Test mode: you will not be charged[\s\S]*value="4242 4242 4242 4242"/,
    );
    expect(await buyer.pay('4000 0000 0000 0002')).toContain('was declined');
    expect(await trial(page, 'GET')).toEqual({ url, isDone: false });
    expect(await buyer.pay('4242 4242 4242 4242')).toContain('The test payment has arrived');
    expect(await trial(page, 'GET')).toEqual({ isDone: true });
    expect(await lastStep(page)).toMatchObject({ isDone: true });
    expect(await listTraces(desk)).toEqual([]);
  });

  it('is not found at the address of another module', async () => {
    const { page } = await open('testpay');
    const { url = '' } = await trial(page, 'POST');
    expect((await new BuyerPage(url.replace('/testpay/', '/stripe/')).open()).status).toBe(404);
    const stranger = await fetch(`${deployment.url}/testpay/account/api/trial`, {
      method: 'POST',
      headers: { authorization: 'Bearer forged' },
    });
    expect(stranger.status).toBe(401);
    await stranger.body?.cancel();
  });
});
