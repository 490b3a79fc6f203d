import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { getParser } from '#platform';
import { type ConnectReport, ProviderError } from '#provider-kit';
import { accountSettings, providerContext, webhookRequest } from '../../testing/builders.js';
import { StripeDouble, type StripeDoubleAccount, stripeSignatureOf } from '../../../lab/doubles/stripe/index.js';
import type { StripeEndpoint } from '../../../lab/doubles/stripe/stripe-wire.js';
import { StripeProvider } from './stripe.provider.js';
import { type StripeContext, StripeSettings } from './stripe.settings.js';
import { EVENTS } from './endpoints.js';

const ADDRESS = 'https://modules.example/stripe/webhooks/c-1';
const OTHERS = 'https://shop.example/hook';
const FIRST = 'sk_test_double';
const SECOND = 'sk_test_second';

let double: StripeDouble;
let provider: StripeProvider;
let account: StripeDoubleAccount;
let second: StripeDoubleAccount;

interface State {
  keys?: readonly string[];
  memory?: StripeContext['memory'];
  webhookUrl?: string;
  /** Secret of the first shop. */
  webhookSecret?: string;
  isActive?: boolean;
}

function buildContext({ keys = [FIRST], memory = {}, webhookUrl = ADDRESS, webhookSecret, isActive = true }: State = {}): StripeContext {
  const settings = getParser(StripeSettings).parse({
    shops: keys.map((secretKey, index) => ({
      ...{ code: `s${index}`, name: `Shop ${index}`, secretKey, active: isActive || index === 0 },
      ...(webhookSecret && index === 0 && { webhookSecret }),
    })),
  });
  const now = { connectionId: 'c-1', now: new Date(), signal: AbortSignal.timeout(5_000) };
  return providerContext(settings, { ...now, webhookUrl, memory, account: accountSettings({ language: 'en' }) });
}

const connect = (state: State = {}): Promise<ConnectReport> => provider.connect({ replace: false }, buildContext(state));
const disconnect = (state: State = {}): Promise<void> => provider.disconnect(buildContext(state));
/** Connects, and connects again with the memory of the first time. */
async function connectTwice(first: State = {}, then: State = {}): Promise<ConnectReport> {
  const { memory = {} } = await connect(first);
  double.calls.length = 0;
  return connect({ ...first, memory, ...then });
}
const list = (one = account): StripeEndpoint[] => one.endpoints.list();
const listUrls = (one = account): string[] => list(one).map(({ url }) => url);
const listChanges = (): string[] => double.calls.map(({ call }) => call).filter((call) => /^(create|update|delete)/.test(call));
const refuse = async (work: Promise<unknown>): Promise<ProviderError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
};
/** Whether an event that the endpoint signs is believed. */
function isBelieved(url: string, state: State): boolean {
  const secret = account.endpoints.listTargets('payment_intent.succeeded').find((target) => target.url === url)?.secret ?? 'none';
  const body = '{"id":"evt_1"}';
  return provider.webhook.verify(webhookRequest(body, { 'stripe-signature': stripeSignatureOf(body, secret) }), buildContext(state));
}

beforeAll(async () => {
  double = await StripeDouble.start();
  provider = new StripeProvider(double.url);
});
beforeEach(() => {
  double.reset();
  account = double.account;
  second = double.addAccount(SECOND, 'whsec_second_secret');
});
afterAll(() => double?.close());

describe('connect makes an endpoint', () => {
  it('of the connection’s address with all events and this version, and remembers its secret', async () => {
    const { memory = {}, ...rest } = await connect();
    expect(rest).toEqual({});
    expect(list()).toMatchObject([
      { url: ADDRESS, status: 'enabled', enabled_events: [...EVENTS], metadata: { crossdock: 'c-1' }, api_version: '2026-10-28.endive' },
    ]);
    expect(Object.keys(memory)).toEqual([`secret:${list()[0]?.id}`]);
    expect(isBelieved(ADDRESS, { memory })).toBe(true);
    expect(isBelieved(ADDRESS, {})).toBe(false);
    expect(isBelieved(ADDRESS, { memory: { 'secret:we_other': 'whsec_another' } })).toBe(false);
  });

  it('once: a repeat only looks', async () => {
    const { memory = {} } = await connect();
    double.calls.length = 0;
    expect(await connect({ memory })).toEqual({ memory });
    expect(double.calls.map(({ call }) => call)).toEqual(['listEndpoints']);
  });

  it('in each account, and one for keys of the same account', async () => {
    account.addRestrictedKey('rk_test_full', []);
    const { memory } = await connectTwice({ keys: [FIRST, 'rk_test_full', SECOND, FIRST] });
    expect([listUrls(), listUrls(second)]).toEqual([[ADDRESS], [ADDRESS]]);
    expect(Object.keys(memory ?? {})).toHaveLength(2);
    expect(listChanges()).toEqual([]);
  });

  it('next to the endpoints of others, which stay unchanged', async () => {
    account.endpoints.add({ url: OTHERS, secret: 'whsec_others', events: ['payout.paid'] });
    account.endpoints.add({ url: 'https://modules.example/stripe/webhooks/c-2', secret: 'whsec_another' });
    const before = structuredClone(list());
    await provider.connect({ replace: true }, buildContext());
    expect(list().slice(0, 2)).toEqual(before);
    expect(listUrls()).toHaveLength(3);
  });

  it('also among many, whose list has pages', async () => {
    account.book.modes.pageSize = 2;
    for (let n = 0; n < 5; n++) account.endpoints.add({ url: `${OTHERS}/${n}`, secret: 'whsec_others' });
    await connectTwice();
    expect(listChanges()).toEqual([]);
    expect(listUrls().filter((url) => url === ADDRESS)).toHaveLength(1);
  });
});

describe('an existing endpoint', () => {
  it('made by hand is reused when its secret is in the settings, and gets the events it lacks', async () => {
    account.endpoints.add({ url: ADDRESS, secret: 'whsec_by_hand', events: ['payout.paid', 'checkout.session.completed'] });
    const state = { webhookSecret: 'whsec_by_hand' };
    expect(await connect(state)).toEqual({ memory: {} });
    expect(listChanges()).toEqual(['updateEndpoint']);
    expect(list()).toMatchObject([{ enabled_events: ['payout.paid', ...EVENTS], metadata: {} }]);
    expect(isBelieved(ADDRESS, state)).toBe(true);
  });

  it('that has all events is left alone', async () => {
    account.endpoints.add({ url: ADDRESS, secret: 'whsec_by_hand' });
    await connect({ webhookSecret: 'whsec_by_hand' });
    expect(listChanges()).toEqual([]);
  });

  it('is made again if its secret is unknown', async () => {
    account.endpoints.add({ url: ADDRESS, secret: 'whsec_by_hand' });
    const { memory = {} } = await connect();
    expect(listChanges()).toEqual(['deleteEndpoint', 'createEndpoint']);
    expect(listUrls()).toEqual([ADDRESS]);
    expect(isBelieved(ADDRESS, { memory })).toBe(true);
  });

  it('that we made is made again when the memory is lost, also next to a manual one', async () => {
    await connect();
    const [before] = list();
    await connect();
    expect(list()).toHaveLength(1);
    expect(list()[0]?.id).not.toBe(before?.id);
    account.endpoints.add({ url: ADDRESS, secret: 'whsec_by_hand' });
    expect(await connect({ webhookSecret: 'whsec_by_hand' })).toEqual({ memory: {} });
    expect(list()).toMatchObject([{ url: ADDRESS, metadata: {} }]);
  });

  it('that we made keeps its place next to a manual one: both are accepted', async () => {
    const { memory = {} } = await connect();
    account.endpoints.add({ url: `${ADDRESS}?by=hand`, secret: 'whsec_by_hand' });
    const state = { memory, webhookSecret: 'whsec_by_hand' };
    expect(await connect(state)).toEqual({ memory });
    expect([isBelieved(ADDRESS, state), isBelieved(`${ADDRESS}?by=hand`, state)]).toEqual([true, true]);
  });

  it('moves with PUBLIC_URL and keeps its secret, also one made by hand', async () => {
    const { memory = {} } = await connect();
    const webhookUrl = 'https://new.example/stripe/webhooks/c-1';
    expect(await connect({ memory, webhookUrl })).toEqual({ memory });
    expect(listUrls()).toEqual([webhookUrl]);
    expect(isBelieved(webhookUrl, { memory })).toBe(true);
    second.endpoints.add({ url: ADDRESS, secret: 'whsec_by_hand' });
    await connect({ keys: [SECOND], webhookUrl, webhookSecret: 'whsec_by_hand' });
    expect(listUrls(second)).toEqual([webhookUrl]);
  });

  it('moves also below another path of PUBLIC_URL', async () => {
    const webhookUrl = 'https://modules.example/below/stripe/webhooks/c-1';
    await connectTwice({}, { webhookUrl });
    expect(listUrls()).toEqual([webhookUrl]);
    expect(listChanges()).toEqual(['updateEndpoint']);
    // Also when the memory is lost.
    await connect();
    expect(listUrls()).toEqual([ADDRESS]);
  });

  it('that Stripe switched off is switched on, and a missing one is made again', async () => {
    const { memory = {} } = await connect();
    Object.assign(list()[0] ?? {}, { status: 'disabled' });
    expect(await connect({ memory })).toEqual({ memory });
    expect(list()).toMatchObject([{ status: 'enabled' }]);
    account.endpoints.remove(list()[0]?.id ?? '');
    const after = await connect({ memory });
    expect(listUrls()).toEqual([ADDRESS]);
    expect(Object.keys(after.memory ?? {})).toEqual([`secret:${list()[0]?.id}`]);
  });
});

describe('what Stripe refuses', () => {
  it('a restricted key that may not write endpoints leaves it to the user: address, events, and where', async () => {
    account.addRestrictedKey('rk_test_pay', ['createEndpoint', 'updateEndpoint', 'deleteEndpoint']);
    const report = await connect({ keys: ['rk_test_pay', SECOND] });
    expect(report.manual).toEqual([
      {
        about: 'Shop 0',
        address: ADDRESS,
        events: [...EVENTS],
        text: { en: expect.stringContaining('Webhooks'), es: expect.any(String), ru: expect.any(String) },
      },
    ]);
    expect([listUrls(), listUrls(second)]).toEqual([[], [ADDRESS]]);
    expect(Object.keys(report.memory ?? {})).toHaveLength(1);
  });

  it('a key that may not even read them is not reported once the secret is entered', async () => {
    account.addRestrictedKey('rk_test_pay', ['listEndpoints', 'createEndpoint']);
    expect((await connect({ keys: ['rk_test_pay'] })).manual).toHaveLength(1);
    expect(await connect({ keys: ['rk_test_pay'], webhookSecret: 'whsec_by_hand' })).toEqual({ memory: {} });
  });

  it('a seventeenth endpoint is a clear error', async () => {
    for (let n = 0; n < 16; n++) account.endpoints.add({ url: `${OTHERS}/${n}`, secret: 'whsec_others' });
    expect(await refuse(connect())).toMatchObject({ kind: 'rejected', message: expect.stringContaining('all the webhook endpoints') });
    expect(listUrls()).toHaveLength(16);
    account.endpoints.remove(list()[3]?.id ?? '');
    await connect();
    expect(listUrls()).toContain(ADDRESS);
  });

  it('at the limit ours is still made again', async () => {
    await connect();
    for (let n = 0; n < 15; n++) account.endpoints.add({ url: `${OTHERS}/${n}`, secret: 'whsec_others' });
    expect(Object.keys((await connect()).memory ?? {})).toHaveLength(1);
    expect(listUrls()).toHaveLength(16);
  });

  it('one account’s refusal does not lose another’s secret', async () => {
    for (let n = 0; n < 16; n++) account.endpoints.add({ url: `${OTHERS}/${n}`, secret: 'whsec_others' });
    const { memory = {}, warnings } = await connect({ keys: [FIRST, SECOND] });
    expect(warnings).toEqual({ 'shops[0].secretKey': expect.stringContaining('all the webhook endpoints') });
    expect(Object.keys(memory)).toEqual([`secret:${list(second)[0]?.id}`]);
    // The new secret is stored by now, so the rejection is reported.
    expect(await refuse(connect({ keys: [FIRST, SECOND], memory }))).toMatchObject({ kind: 'rejected' });
    expect(list(second)).toHaveLength(1);
  });

  it('a rejected key is a problem of the credentials, except for the key of a shop without new payments', async () => {
    expect(await refuse(connect({ keys: ['sk_test_old'] }))).toMatchObject({ kind: 'auth' });
    const { memory = {} } = await connect();
    const known = { ...memory, 'secret:we_old': 'whsec_old' };
    expect(await connect({ keys: [FIRST, 'sk_test_old'], isActive: false, memory: known })).toEqual({ memory: known });
  });

  it('an address that Stripe rejects is reported in its words', async () => {
    const live = double.addAccount('sk_live_third', 'whsec_third_secret');
    const error = await refuse(connect({ keys: ['sk_live_third'], webhookUrl: 'http://modules.example/stripe/webhooks/c-1' }));
    expect(error).toMatchObject({ kind: 'rejected', message: expect.stringContaining('HTTPS') });
    expect(listUrls(live)).toEqual([]);
  });
});

describe('when Stripe fails', () => {
  it.each([1, 2, 3])('and %i replies to the creation are lost, there is one endpoint at last', async (times) => {
    double.fail('createEndpoint', { kind: 'drop-after' }, times);
    const { memory = {} } = await connect().catch(() => connect().catch(() => connect()));
    expect(listUrls()).toEqual([ADDRESS]);
    expect(isBelieved(ADDRESS, { memory })).toBe(true);
    expect(await connect({ memory })).toEqual({ memory });
  });

  it.each(['listEndpoints', 'createEndpoint'] as const)('with 503 at %s, nothing is half done', async (call) => {
    double.fail(call, { kind: 'error-before', status: 503 }, 3);
    expect(['unavailable', 'unknown_outcome']).toContain((await refuse(connect())).kind);
    expect(list()).toEqual([]);
  });

  it('and the replies to a deletion are lost, it is still made again', async () => {
    account.endpoints.add({ url: ADDRESS, secret: 'whsec_by_hand' });
    double.fail('deleteEndpoint', { kind: 'drop-after' });
    await connect();
    expect(listUrls()).toEqual([ADDRESS]);
  });
});

describe('disconnect', () => {
  it('deletes what connect made and nothing else', async () => {
    account.endpoints.add({ url: OTHERS, secret: 'whsec_others' });
    const { memory = {} } = await connect({ keys: [FIRST, SECOND] });
    account.endpoints.add({ url: ADDRESS, secret: 'whsec_by_hand' });
    await disconnect({ keys: [FIRST, SECOND], memory });
    expect([listUrls(), listUrls(second)]).toEqual([[OTHERS, ADDRESS], []]);
  });

  it('recognizes our own without a memory, and counts missing ones as done', async () => {
    await connect();
    await disconnect();
    expect(list()).toEqual([]);
    await disconnect({ memory: { 'secret:we_gone': 'whsec_gone' } });
  });

  it('is finished with a rejected key, and not while Stripe is unavailable', async () => {
    await connect({ keys: [SECOND] });
    await disconnect({ keys: ['sk_test_old', SECOND] });
    expect(list(second)).toEqual([]);
    double.fail('listEndpoints', { kind: 'error-before', status: 503 }, 3);
    expect((await refuse(disconnect())).kind).toBe('unavailable');
  });
});
