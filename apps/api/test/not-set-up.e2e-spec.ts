import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StripeDouble } from '../../../lab/doubles/stripe/index.js';
import { AccountPage } from './support/account-page.js';
import { Deployment, START_MS } from './support/deployment.js';
import { PaymentDesk } from './support/payment-desk.js';

const KEY = 'sk_test_set_up';

let deployment: Deployment;
let stripe: StripeDouble;

const listIn = async (health: string): Promise<string[]> =>
  (await deployment.operator<{ items: { id: string }[] }>('GET', `/connections?health=${health}`)).items.map(({ id }) => id);

describe('a module that is not set up', () => {
  beforeAll(async () => {
    stripe = await StripeDouble.start({ key: KEY });
    deployment = await Deployment.start({ accounts: 1, variables: { MODULES: 'stripe', STRIPE_URL: stripe.url } });
  }, START_MS);
  afterAll(async () => {
    await deployment?.stop();
    await stripe?.close();
  });

  it('is not set up until its required settings are saved, and again without them', async () => {
    const crm = deployment.nextCrm();
    const desk = await PaymentDesk.open(deployment, crm, 'stripe');
    const page = await AccountPage.open(desk.account);
    const { id } = await deployment.getConnection(crm);
    const readHealth = async (): Promise<object> => (await deployment.operator<{ health: object }>('GET', `/connections/${id}`)).health;
    expect(await readHealth()).toMatchObject({ state: 'not-set-up', words: 'The module is not set up yet.' });
    expect([await listIn('not-set-up'), await listIn('ok')]).toEqual([[id], []]);

    // There is no key to call Stripe with: nothing is accepted, and nothing is refused.
    const called = stripe.calls.length;
    expect((await page.call('POST', 'check')).json).toMatchObject({ state: 'empty', message: expect.stringContaining('ключом') });
    expect(stripe.calls.length).toBe(called);

    const shops = [{ code: 'main', name: 'Tienda', active: true, capture: 'automatic', secretKey: KEY }];
    expect((await page.save({ shops })).status).toBe(200);
    expect([await readHealth(), await listIn('not-set-up')]).toEqual([expect.objectContaining({ state: 'ok' }), []]);
    expect((await page.call('POST', 'check')).json).toMatchObject({ state: 'ok', account: expect.any(String) });

    expect((await page.save({ shops: [] })).status).toBe(200);
    expect(await readHealth()).toMatchObject({ state: 'not-set-up' });
  });
});
