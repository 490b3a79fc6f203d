import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { ProviderError, sayError } from '#provider-kit';
import { MemoryCache, providerContext, ZadarmaDouble, type ZadarmaFault } from '#testing';
import { checkZadarmaSettings, type ZadarmaContext, ZadarmaSettings } from './zadarma.settings.js';
import { ZadarmaProvider } from './zadarma.provider.js';

const REQUEST = { reference: 'crossdock-1', code: '101', phone: '+7 916 123-45-67' };
let double: ZadarmaDouble;
let provider: ZadarmaProvider;

beforeAll(async () => {
  const extensions = ['100', '101', '102', '103', '1001', '10001'];
  double = await ZadarmaDouble.start({ zone: 'Asia/Kolkata', balance: 12.5, currency: 'EUR', extensions });
  provider = new ZadarmaProvider(double.url);
});
afterAll(() => double.close());
beforeEach(() => {
  double.reset();
  double.account.url = undefined;
  double.account.listen(false);
});
afterEach(() => {
  jest.restoreAllMocks();
  passedMs = 0;
});

function contextOf(settings: Partial<ZadarmaSettings> = {}, changes: Partial<ZadarmaContext> = {}): ZadarmaContext {
  const { key, secret } = double.account.settings;
  const all = Object.assign(new ZadarmaSettings(), { key, secret, extensions: [{ code: '101', userId: 7 }], ...settings });
  const account = { ...providerContext({}).account, language: 'en' as const };
  return providerContext(all, { account, now: new Date(), ...changes });
}
const failing = async (call: Promise<unknown>): Promise<ProviderError> => {
  const error: unknown = await call.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
};
const realNow = Date.now.bind(Date);
let passedMs = 0;
/** Time passes, for the double and the cache alike. */
const passMs = (ms: number): void => {
  passedMs += ms;
  jest.spyOn(Date, 'now').mockImplementation(() => realNow() + passedMs);
};

describe('click-to-call', () => {
  it('asks for the short extension, and never for the number to call from', async () => {
    expect(await provider.call({ ...REQUEST, externalPhone: '+74950000000', userId: 7 }, contextOf())).toBeUndefined();
    expect(double.received).toMatchObject([
      { call: 'extensionStatus' },
      { call: 'callback', key: double.account.settings.key, parameters: { from: '101', sip: '101', to: '79161234567', format: 'json' } },
    ]);
  });

  it.each([
    ['101', { sip: '101' }],
    ['1001', {}],
    ['10001', { sip: '10001' }],
  ])('rings extension %s', async (code, sip) => {
    await provider.call({ ...REQUEST, code }, contextOf());
    expect(double.calls.at(-1)).toMatchObject({ call: 'callback' });
    expect(double.received.at(-1)?.parameters).toEqual({ from: code, to: '79161234567', format: 'json', ...sip });
    expect(double.account.clicks).toHaveLength(1);
    expect(await validate(plainToInstance(ZadarmaSettings, { extensions: [{ code }], missedCode: code }))).toEqual([]);
  });

  it.each<[fault: ZadarmaFault, kind: string]>([
    [{ kind: 'unauthorized' }, 'auth'],
    [{ kind: 'refuse', message: 'Auth error' }, 'auth'],
    [{ kind: 'too-many' }, 'rate_limited'],
    [{ kind: 'rate-limit' }, 'rate_limited'],
    [{ kind: 'refuse', message: 'You exceeded the rate limit' }, 'rate_limited'],
    [{ kind: 'refuse', message: 'Not enough money' }, 'rejected'],
    [{ kind: 'refuse', message: 'Not enough money', status: 400 }, 'rejected'],
    [{ kind: 'drop-before' }, 'unknown_outcome'],
    [{ kind: 'drop-after' }, 'unknown_outcome'],
    [{ kind: 'error-before' }, 'unknown_outcome'],
    [{ kind: 'error-after' }, 'unknown_outcome'],
    [{ kind: 'page' }, 'unknown_outcome'],
    [{ kind: 'cut' }, 'unknown_outcome'],
    [{ kind: 'invalid-json' }, 'unknown_outcome'],
    [{ kind: 'hang' }, 'unknown_outcome'],
  ])('%j is %s, and it is asked for once', async (fault, kind) => {
    double.fail('callback', fault);
    const error = await failing(provider.call(REQUEST, contextOf({}, { signal: AbortSignal.timeout(300) })));
    expect([error.kind, double.countCalls('callback')]).toEqual([kind, 1]);
  });

  it('is rejected from a phone that is off, unless its calls are forwarded or its state is unknown', async () => {
    const { account } = double;
    account.offline.add('101');
    expect(await failing(provider.call(REQUEST, contextOf()))).toMatchObject({
      ...{ kind: 'rejected', message: expect.stringMatching(/^The phone of extension 101 is off/) },
    });
    expect(sayError(await failing(provider.call(REQUEST, contextOf())), 'ru')).toContain('номером 101 выключен');
    expect(account.clicks).toEqual([]);
    expect(double.countCalls('callback')).toBe(0);
    await provider.call(REQUEST, contextOf({ checksPhone: false }));
    expect([double.countCalls('extensionStatus'), double.countCalls('callback')]).toEqual([2, 1]);
    account.forwarded.set('101', '79031234567');
    // As in a deployment, some members of a context are inherited.
    await provider.call(REQUEST, Object.create(contextOf()) as ZadarmaContext);
    expect(account.clicks).toHaveLength(1);
    account.forwarded.clear();
    for (const call of ['extensionStatus', 'forwarding'] as const)
      for (const fault of [{ kind: 'refuse', message: 'Wrong' }, { kind: 'page' }, { kind: 'hang' }, { kind: 'invalid-json' }] as const) {
        const before = double.countCalls('callback');
        double.fail(call, fault, 3);
        await provider.call(REQUEST, contextOf());
        double.faults.clear();
        expect(double.countCalls('callback')).toBe(before + 1);
      }
  }, 20_000);

  it('goes to numbers that Zadarma calls', async () => {
    for (const phone of ['12', '123456', '1234567890123456'])
      expect(await failing(provider.call({ ...REQUEST, phone }, contextOf()))).toMatchObject({
        kind: 'invalid',
        fields: { phone: { ru: expect.stringContaining('по которому звонит') } },
      });
    expect(double.calls).toEqual([]);
    for (const phone of ['12345', '1234567', '+123456789012345']) await provider.call({ ...REQUEST, phone }, contextOf());
    expect(double.account.clicks.map(({ phone }) => phone)).toEqual(['12345', '1234567', '123456789012345']);
  });

  it('is refused in Zadarma’s words, without the key, the secret, markup and addresses', async () => {
    const { key, secret } = double.account.settings;
    double.fail('callback', { kind: 'refuse', message: `<b>No money</b>\n for ${key} ${secret}, see https://zadarma.com/pay` });
    expect((await failing(provider.call(REQUEST, contextOf()))).message).toBe('Zadarma: “No money for (key) (key), see”');
  });

  it('is not requested with an invalid extension, without a phone, or without credentials', async () => {
    for (const code of ['499499-101', '1', '10', '100001', 'sales'])
      expect((await failing(provider.call({ ...REQUEST, code }, contextOf()))).kind).toBe('rejected');
    expect(await failing(provider.call({ ...REQUEST, phone: 'anonymous' }, contextOf()))).toMatchObject({
      kind: 'invalid',
      fields: { phone: { ru: expect.stringContaining('по которому звонит') } },
    });
    expect((await failing(provider.call(REQUEST, contextOf({ secret: '' })))).kind).toBe('auth');
    expect(double.calls).toEqual([]);
  });
});

describe('Zadarma’s limits', () => {
  it('are kept by all processes together, minute by minute', async () => {
    const cache = new MemoryCache();
    const processes = [provider, new ZadarmaProvider(double.url)];
    const ask = async (): Promise<PromiseSettledResult<unknown>[]> =>
      Promise.allSettled(processes.map((one) => one.catchUp(new Date(), contextOf({}, { cache }))));
    await ask();
    const refused = (await ask()).flatMap((one) => (one.status === 'rejected' ? [one.reason as ProviderError] : []));
    expect(refused).toMatchObject([{ kind: 'rate_limited', message: expect.stringContaining('Try again in a minute') }]);
    expect(refused[0]?.retryAfterMs).toBeGreaterThan(50_000);
    expect(double.countCalls('statistics')).toBe(3);
    // Other calls have their own limit.
    await provider.call(REQUEST, contextOf({}, { cache }));
    passMs(62_000);
    await ask();
    expect(double.countCalls('statistics')).toBe(5);
  });

  it('are a hundred calls for everything else', async () => {
    const context = contextOf();
    for (let count = 0; count < 100; count++) await provider.lookUp('numbers', '', { ...context, cache: withoutValues(context.cache) });
    expect((await failing(provider.call(REQUEST, context))).kind).toBe('rate_limited');
    expect(double.calls).toHaveLength(100);
  });

  it.each<[fault: ZadarmaFault, least: number, most: number]>([
    [{ kind: 'too-many' }, 50_000, 61_000],
    [{ kind: 'rate-limit', retryAfterSeconds: 7 }, 5_000, 7_000],
    [{ kind: 'rate-limit', retryAfterSeconds: 100_000 }, 110_000, 120_000],
  ])('after %j nothing is asked for by any process until it is time', async (fault, least, most) => {
    const context = contextOf();
    double.fail('callback', fault);
    await failing(provider.call(REQUEST, context));
    const { kind, retryAfterMs = 0 } = await failing(new ZadarmaProvider(double.url).call(REQUEST, context));
    expect([kind, retryAfterMs >= least, retryAfterMs <= most, double.countCalls('callback')]).toEqual(['rate_limited', true, true, 1]);
    passMs(most + 1_000);
    await provider.call(REQUEST, context);
    expect(double.countCalls('callback')).toBe(2);
  });
});

describe('check', () => {
  const find = (settings: Partial<ZadarmaSettings> = {}): ReturnType<ZadarmaProvider['check']> => {
    const context = contextOf(settings);
    return provider.check(context.settings, context);
  };

  it('reports the account’s owner, and differences from the settings', async () => {
    expect(await find()).toEqual({ account: 'Zadarma, 499499, 12.50 EUR', warnings: {} });
    const externalPhones = ['+7 (495) 000-00-00', '+74951111111'].map((phone) => ({ siteCode: 'shop', phone }));
    expect((await find({ extensions: [{ code: '101' }, { code: '900' }], externalPhones })).warnings).toEqual({
      'extensions[1].code': 'The PBX has no extension of this number',
      'externalPhones[1].phone': 'The account has no such number',
    });
    expect((await find({ extensions: [] })).warnings).toEqual({ extensions: 'Without extensions calls are shown to nobody' });
  });

  it('reports missing money, and a missing PBX', async () => {
    const poor = double.addAccount({ key: 'poor', secret: 'a-secret', balance: -0.5, currency: 'USD' }).settings;
    double.fail('extensions', { kind: 'refuse', message: 'No PBX' });
    expect(await find({ key: poor.key, secret: poor.secret })).toEqual({
      account: 'Zadarma, -0.50 USD',
      warnings: { key: expect.stringContaining('not enough money'), extensions: expect.stringContaining('no cloud PBX') },
    });
  });

  it('reports that notices go elsewhere', async () => {
    double.account.url = 'https://other.example/hook?token=abc';
    expect((await find()).warnings).toEqual({ '': 'Notifications of calls go to another program now: other.example' });
    double.account.url = contextOf().webhookUrl;
    expect((await find()).warnings).toEqual({ '': expect.stringContaining('switched off') });
    double.account.listen();
    expect((await find()).warnings).toEqual({});
  });

  it('asks for nothing without credentials, and names the secret when they are refused', async () => {
    expect(await find({ key: '', secret: '' })).toEqual({ warnings: { key: expect.any(String) } });
    expect(double.calls).toEqual([]);
    expect((await find({ secret: 'another' })).errors).toEqual({ secret: expect.stringContaining('rejects') });
  });
});

describe('the address of notices', () => {
  /** The suite of the port tries the rest. */
  const connect = async (changes: Partial<ZadarmaContext> = {}, replace = false): ReturnType<ZadarmaProvider['connect']> => {
    double.account.enterUrl = (url) => {
      double.account.url = url;
      return Promise.resolve();
    };
    return provider.connect({ replace }, contextOf({}, changes));
  };

  it('is set with all notices, and then kept, and the clock and the extensions are cached', async () => {
    const report = await connect();
    expect(report).toEqual({ memory: { offset: '330', extensions: '100,101,102,103,1001,10001' } });
    expect(double.calls.map(({ call }) => call)).toEqual(['readCallinfo', 'timezone', 'extensions', 'setUrl', 'setNotifications']);
    double.calls.length = 0;
    expect(await connect()).toEqual(report);
    expect(double.calls.map(({ call }) => call)).toEqual(['readCallinfo', 'timezone', 'extensions']);
    double.account.notifications.notify_internal = false;
    await connect();
    expect(double.account.notifications.notify_internal).toBe(true);
  });

  it('of another program is shown without its query, and stays', async () => {
    double.account.url = 'https://other.example/hook?token=abc';
    expect(await connect()).toMatchObject({ conflict: [{ address: 'https://other.example/hook' }] });
    await provider.disconnect(contextOf());
    expect(double.account.url).toBe('https://other.example/hook?token=abc');
    expect(Object.values(double.account.notifications)).not.toContain(true);
    expect(await connect({}, true)).not.toHaveProperty('conflict');
    await provider.disconnect(contextOf());
    expect(double.account.url).toBeUndefined();
  });

  it('is not taken when Zadarma cannot open it', async () => {
    double.fail('setUrl', { kind: 'refuse', message: 'The address did not return zd_echo' });
    expect(await failing(connect())).toMatchObject({ kind: 'rejected', message: 'Zadarma: “The address did not return zd_echo”' });
  });

  it.each([
    ['UTC', '0'],
    ['Asia/Kathmandu', '345'],
    ['America/St_Johns', /^-(210|150)$/],
  ])('is remembered with the offset of %s', async (zone, offset) => {
    const { key, secret } = double.addAccount({ key: zone, secret: 'a-secret', zone }).settings;
    const account = double.accounts.at(-1);
    if (account) account.url = contextOf().webhookUrl;
    const { memory } = await provider.connect({ replace: false }, contextOf({ key, secret }));
    expect(memory?.['offset']).toEqual(typeof offset === 'string' ? offset : expect.stringMatching(offset));
  });
});

describe('a trouble of the account’s', () => {
  const hear = async (disposition: string, context: ZadarmaContext, destination = '79161234567'): Promise<void> => {
    const event = { id: '1', call: 'out_1', data: { event: 'NOTIFY_OUT_END', disposition, destination } };
    expect(await provider.webhook.reply([event], context, () => Promise.resolve(undefined))).toEqual({ status: 200, body: '' });
  };

  it.each([
    ['no money', 'There is not enough money'],
    ['line limit', 'a limit of the account or its lines'],
  ])('is reported if it stops a call (%s), until a call succeeds', async (disposition, said) => {
    const context = contextOf();
    double.account.url = context.webhookUrl;
    double.account.listen();
    const find = async (): Promise<unknown[]> => [
      (await provider.connect({ replace: false }, context)).warnings,
      (await provider.check(context.settings, context)).warnings,
    ];
    await hear('busy', context);
    expect(await find()).toEqual([undefined, {}]);
    await hear(disposition, context);
    const text: unknown = expect.stringMatching(new RegExp(`${said}.*\\(${disposition}\\)$`));
    expect(await find()).toEqual([{ '': text }, { key: text }]);
    passMs(20 * 3_600_000);
    // None of these was put through to the outside.
    for (const other of ['failed', 'cancel', disposition]) await hear(other, context);
    await hear('answered', context, '101');
    expect(await find()).toEqual([{ '': text }, { key: text }]);
    await hear('no answer', context);
    expect(await find()).toEqual([undefined, {}]);
    await hear(disposition, context);
    passMs(25 * 3_600_000);
    expect(await find()).toEqual([undefined, {}]);
  });
});

describe('calls that were missed', () => {
  const at = (seconds: number): Date => new Date(Date.now() + seconds * 1_000);
  const since = (seconds: number): Date => new Date(Math.floor(at(seconds).getTime() / 1_000) * 1_000);

  it.each(['text', 'boolean'] as const)(
    'are reported once each, with the data of their notices (is_recorded as a %s)',
    async (recordedAs) => {
      double.modes.recordedAs = recordedAs;
      const { account } = double;
      const talk = account.incoming('79161234567', '74950000000', at(-600)).ring('101').answer('101', at(-580)).record();
      talk.answer('102', at(-560)).end('answered', at(-500));
      const out = account.outgoing('101', '79161234568', '0', at(-300)).answer(at(-290)).end('answered', at(-280));
      const missed = account.incoming('anonymous', '74950000000', at(-200)).ring('101').end('no answer');
      const menu = account.incoming('79161234569', '74950000000', at(-150)).menu(at(-149)).end('answered', at(-140));
      account.outgoing('101', '102', '0', at(-100)).end('busy');
      const context = contextOf({}, { memory: { extensions: '101,102' } });
      const events = await provider.catchUp(since(-3_600), context);
      const updates = events.flatMap((event) => provider.track(event, undefined, new Date(), context) ?? []);
      expect(updates).toMatchObject([
        {
          call: {
            ...{ externalId: talk.id, direction: 'in', phone: '79161234567', externalPhone: '74950000000', code: '102' },
            ...{ outcome: 'answered', record: expect.stringMatching(/^pbx\/in_\w+@\d+\.mp3$/) },
          },
          signals: [],
        },
        { call: { externalId: out.id, direction: 'out', phone: '79161234568', code: '101', outcome: 'answered' } },
        { call: { externalId: missed.id, direction: 'in', outcome: 'no-answer', code: '101' } },
        { call: { externalId: menu.id, outcome: 'no-answer' } },
      ]);
      const [call] = updates.map((one) => one.call);
      const seconds = [call?.startedAt, call?.answeredAt, call?.endedAt].map((time) =>
        Math.round(((time?.getTime() ?? 0) - Date.now()) / 1_000),
      );
      expect(seconds.map((value, index) => Math.abs(value - [-600, -600, -520][index]!) <= 2)).toEqual([true, true, true]);
      expect(updates[2]?.call).not.toHaveProperty('phone');
      expect(double.received.at(-1)?.parameters).toMatchObject({ version: '2', limit: '1000', skip: '0' });
    },
  );

  it('of more pages than a minute has are read to the end in several tries, none twice', async () => {
    const { account } = double;
    for (let count = 0; count < 4_001; count++) account.incoming('79161234567', '74950000000', at(-600)).end();
    const cache = new MemoryCache();
    const from = since(-3_600);
    const catchUp = (): ReturnType<ZadarmaProvider['catchUp']> =>
      provider.catchUp(from, contextOf({}, { cache, now: new Date(Date.now()) }));
    expect((await failing(catchUp())).kind).toBe('rate_limited');
    passMs(62_000);
    const events = await catchUp();
    expect(new Set(events.map(({ call }) => call)).size).toBe(4_001);
    expect(double.received.filter(({ call }) => call === 'statistics').map(({ parameters }) => parameters['skip'])).toEqual([
      ...['0', '1000', '2000', '3000', '4000'],
    ]);
  });

  it.each([3_000, 5_999])('that came while the first pages of %d calls waited are read too', async (calls) => {
    const { account } = double;
    for (let count = 0; count < calls; count++) account.incoming('79161234567', '74950000000', at(-600)).end();
    const cache = new MemoryCache();
    const from = since(-3_600);
    const catchUp = (): ReturnType<ZadarmaProvider['catchUp']> =>
      provider.catchUp(from, contextOf({}, { cache, now: new Date(Date.now()) }));
    await failing(catchUp());
    passMs(1_200_000);
    const late = account.incoming('79161234567', '74950000000', new Date(Date.now() - 60_000)).end();
    // The last page of the minute may be the last of the first part: newer calls wait once more.
    if (calls > 4_000) {
      await failing(catchUp());
      passMs(62_000);
    }
    const ids = (await catchUp()).map(({ call }) => call);
    expect([new Set(ids).size, ids.includes(late.id)]).toEqual([calls + 1, true]);
  });

  it('of more than a month ago are skipped', async () => {
    await provider.catchUp(since(-90 * 86_400), contextOf());
    const { start = '', end = '' } = double.received.at(-1)?.parameters ?? {};
    expect(Math.round((Date.parse(end) - Date.parse(start)) / 86_400_000)).toBe(30);
  });
});

describe('settings', () => {
  const check = (values: Partial<ZadarmaSettings>): Record<string, string> =>
    checkZadarmaSettings(Object.assign(new ZadarmaSettings(), values), 'en');

  it('fit together', () => {
    expect(check({})).toEqual({});
    expect(check({ key: 'k', secret: 's', returnSeconds: 0 })).toEqual({});
    expect(Object.keys(check({ key: 'k', returnSeconds: 2 }))).toEqual(['secret', 'returnSeconds']);
    expect(Object.keys(check({ secret: 's' }))).toEqual(['key']);
    const extensions = [{ code: '101', userId: 1 }, { code: '101' }, { code: '102', userId: 1 }];
    expect(Object.keys(check({ extensions }))).toEqual(['extensions[1].code', 'extensions[2].userId']);
  });
});

/** A cache that keeps only counters. */
function withoutValues(cache: ZadarmaContext['cache']): ZadarmaContext['cache'] {
  return {
    fetch: (_key, _options, load) => load(),
    update: (key, options, change) => cache.update(key, options, change),
    forget: (key, scope) => cache.forget(key, scope),
  };
}
