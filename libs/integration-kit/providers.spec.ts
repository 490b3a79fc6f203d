import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Traffic, Connection, ProviderContexts } from '#connections';
import type { Journal, JournalEntry } from '#journal';
import type { ProviderWatch } from '#onboarding';
import { HttpClient, noteWire, ProviderError, type ProviderErrorKind, type ProviderManifest } from '#provider-kit';
import { Providers } from './providers.js';

class Provider {
  readonly manifest = { code: 'x', title: { en: 'X', ru: 'Икс' } } as unknown as ProviderManifest<object>;
  readonly #rate = 2;
  error: Error | undefined;
  calls = 0;
  /** Whether it is called, or replies from memory. */
  isAsked = true;
  track?: () => Promise<void>;

  quote(value: number): Promise<number> {
    this.calls++;
    if (this.isAsked) noteWire();
    return this.error ? Promise.reject(this.error) : Promise.resolve(this.#rate * value);
  }
}

const connection = {
  id: 'a',
  module: { code: 'shop', name: 'X', manifest: { code: 'x' }, countries: [] },
  account: { language: 'en', timeZone: 'UTC' },
  request: 'r-1',
  rejectedCalls: [],
} as unknown as Connection;

beforeAll(() => Logger.overrideLogger(false));

describe('a call of a provider', () => {
  let provider: Provider;
  let providers: Providers<Provider>;
  let left: number;
  let contexts: ProviderContexts;
  const watch = { recordSuccess: jest.fn(), recordRejection: jest.fn(), recordOutage: jest.fn(), recordAnswer: jest.fn() };
  const listRecorded = (): unknown[][] =>
    [watch.recordSuccess, watch.recordRejection, watch.recordOutage, watch.recordAnswer].map(({ mock }) => mock.calls);
  const journal = { isOn: true, record: jest.fn() };
  const traffic = { note: jest.fn<Traffic['note']>() };
  const quote = (options = {}): Promise<number> => providers.call(connection, 'quote', (able) => able.quote(21), options);

  beforeEach(() => {
    jest.clearAllMocks();
    left = 1_000;
    provider = new Provider();
    contexts = { contextFor: () => ({ budget: { left } }) } as unknown as ProviderContexts;
    providers = new Providers(
      { adapters: [provider], services: [] },
      contexts,
      watch as unknown as ProviderWatch,
      journal as unknown as Journal,
      traffic as unknown as Traffic,
    );
  });

  describe('that goes on after its time', () => {
    const hang = (): { end: (value: number) => void } => {
      const held = {} as { end: (value: number) => void };
      const going = new Promise<number>((resolve) => (held.end = resolve));
      jest.spyOn(provider, 'quote').mockReturnValue(going);
      return held;
    };
    beforeEach(() => {
      left = 1;
      jest.useFakeTimers({ doNotFake: ['performance'] });
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    it('fails with its time as unknown, counts for the breaker and the health, and is reported until it ends', async () => {
      const { end } = hang();
      for (let call = 0; call < 5; call++) {
        const failure = quote().catch((error: unknown) => error as ProviderError);
        await jest.advanceTimersByTimeAsync(300);
        expect(await failure).toMatchObject({ kind: 'unknown_outcome', message: expect.stringContaining('X (x) hangs') });
      }
      expect(providers.countHanging()).toEqual([['x', 'quote', 5]]);
      expect(providers.listHanging()).toHaveLength(5);
      expect(providers.listHanging()[0]).toEqual({ provider: 'x', module: 'shop', method: 'quote', since: expect.any(String) });
      expect(providers.countOpenBreakers()).toEqual([['x', 1]]);
      expect(watch.recordOutage).toHaveBeenCalledTimes(5);
      expect(journal.record).toHaveBeenLastCalledWith(expect.objectContaining({ outcome: 'unknown_outcome' }));
      end(1);
      await jest.advanceTimersByTimeAsync(1);
      expect(providers.countHanging()).toEqual([['x', 'quote', 0]]);
      expect(providers.listHanging()).toEqual([]);
    });

    it('still delivers its result to a caller that waits for it', async () => {
      const { end } = hang();
      const onHang = jest.fn();
      const result = quote({ onHang });
      await jest.advanceTimersByTimeAsync(300);
      expect(onHang).toHaveBeenCalledTimes(1);
      end(42);
      expect(await result).toBe(42);
    });

    it('is not cut off if it is lasting, or if the provider is built in', async () => {
      const { end } = hang();
      const lasting = quote({ lasting: true });
      await jest.advanceTimersByTimeAsync(10_000);
      end(42);
      expect(await lasting).toBe(42);
    });
  });

  it('is counted by its outcome, if an outside service was called', async () => {
    await quote();
    for (const kind of ['rejected', 'unavailable'] as const) {
      provider.error = new ProviderError(kind, 'no');
      await quote().catch(() => undefined);
    }
    provider.error = undefined;
    provider.isAsked = false;
    await quote();
    left = 0;
    await quote().catch(() => undefined);
    expect(traffic.note.mock.calls.map(([kind, outcome]) => [kind, outcome])).toEqual([
      ['provider', 'ok'],
      ['provider', 'rejected'],
      ['provider', 'failed'],
    ]);
  });

  it('returns the provider’s reply, and reports that the credentials were accepted', async () => {
    expect(await quote()).toBe(42);
    expect(watch.recordSuccess).toHaveBeenCalledWith(connection, 'quote', true);
  });

  it('that is answered from memory does not count as a response of the service', async () => {
    provider.isAsked = false;
    await quote();
    expect(watch.recordSuccess).toHaveBeenCalledWith(connection, 'quote', false);
    provider.error = new ProviderError('invalid', 'no');
    await expect(quote()).rejects.toBe(provider.error);
    expect(watch.recordAnswer).not.toHaveBeenCalled();
  });

  it.each<ProviderErrorKind>(['invalid', 'rejected', 'rate_limited'])(
    'that fails as %s shows that the service is available',
    async (kind) => {
      provider.error = new ProviderError(kind, 'no');
      await expect(quote()).rejects.toBe(provider.error);
      expect(listRecorded()).toEqual([[], [], [], [[connection]]]);
    },
  );

  it.each<ProviderErrorKind>(['unavailable', 'unknown_outcome'])('that fails as %s shows that the service is unavailable', async (kind) => {
    provider.error = new ProviderError(kind, 'no');
    await expect(quote()).rejects.toBe(provider.error);
    expect(listRecorded()).toEqual([[], [], [[connection, 'no', expect.any(Number)]], []]);
    // A service of this deployment cannot be unavailable.
    providers = new Providers(
      { adapters: [], services: [provider] },
      contexts,
      watch as unknown as ProviderWatch,
      journal as unknown as Journal,
      traffic as unknown as Traffic,
    );
    await expect(quote()).rejects.toBe(provider.error);
    expect(watch.recordOutage).toHaveBeenCalledTimes(1);
  });

  it('reports that the credentials were rejected', async () => {
    provider.error = new ProviderError('auth', 'no');
    await expect(quote()).rejects.toBe(provider.error);
    expect(watch.recordRejection).toHaveBeenCalledWith(connection, 'quote', 'no');
    expect(watch.recordSuccess).not.toHaveBeenCalled();
  });

  it('is refused when the provider lacks the method', async () => {
    await expect(providers.call(connection, 'track', (able) => able.track())).rejects.toMatchObject({ kind: 'rejected' });
  });

  it('is not made when its time has passed', async () => {
    left = 0;
    await expect(quote()).rejects.toMatchObject({ kind: 'unavailable', localText: { ru: expect.stringContaining('истекло время') } });
    expect(provider.calls).toBe(0);
    expect(listRecorded()).toEqual([[], [], [], []]);
  });

  it('is not made while the service keeps failing, unless it is lasting', async () => {
    provider.error = new ProviderError('unavailable', 'no');
    for (let n = 0; n < 5; n++) await expect(quote({ lasting: true })).rejects.toBe(provider.error);
    expect(watch.recordOutage).not.toHaveBeenCalled();
    for (let n = 0; n < 5; n++) await expect(quote()).rejects.toBe(provider.error);
    const leftAlone = await quote().catch((error: unknown) => error as ProviderError);
    expect(leftAlone).toMatchObject({
      message: expect.stringMatching(/^X keeps failing/),
      localText: { ru: expect.stringMatching(/^Икс /) },
    });
    expect(provider.calls).toBe(10);
    // A call that was not made reveals nothing new.
    expect(watch.recordOutage).toHaveBeenCalledTimes(5);
    provider.error = undefined;
    expect(await quote({ lasting: true })).toBe(42);
    expect(watch.recordSuccess).not.toHaveBeenCalled();
  });

  it('that is a trial reports nothing about the credentials or the service', async () => {
    for (const kind of ['unavailable', 'auth', 'rejected'] as const) {
      provider.error = new ProviderError(kind, 'no');
      for (let n = 0; n < 6; n++) await expect(quote({ trial: true })).rejects.toBe(provider.error);
    }
    provider.error = undefined;
    expect(await quote({ trial: true })).toBe(42);
    expect(listRecorded()).toEqual([[], [], [], []]);
  });
});

describe('a call of an adapter in the journal', () => {
  const journal = { isOn: true, record: jest.fn<(entry: JournalEntry) => void>() };
  const contexts = { contextFor: () => ({ budget: { left: 1_000 } }) } as unknown as ProviderContexts;
  const watch = { recordSuccess: jest.fn(), recordRejection: jest.fn(), recordAnswer: jest.fn() } as unknown as ProviderWatch;
  const create = (kind: 'adapters' | 'services'): Providers<Provider> =>
    new Providers(
      { adapters: [], services: [], [kind]: [new Provider()] },
      contexts,
      watch,
      journal as unknown as Journal,
      { note: () => undefined } as unknown as Traffic,
    );
  let server: Server;
  let url: string;

  beforeEach(async () => {
    journal.record.mockClear();
    server = createServer((request, reply) => {
      reply.setHeader('content-type', 'application/json').writeHead(request.url === '/missing' ? 404 : 200);
      reply.end('{"status":"ok"}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => void server.close());

  const http = new HttpClient({ name: 'X' });
  const send = (path: string): Promise<unknown> =>
    http.send({ method: 'POST', url: url + path, json: { order: '7' }, effect: true, reach: 'anywhere' });
  afterAll(() => http.close());

  it('is a row for each exchange, the last one with the adapter’s result', async () => {
    const failing = create('adapters').call(
      connection,
      'quote',
      async () => {
        await send('/missing');
        await send('/orders');
        throw new ProviderError('rejected', 'no such tariff');
      },
      { subjects: ['order:7'] },
    );
    await expect(failing).rejects.toThrow('no such tariff');
    const rows = journal.record.mock.calls.map(([row]) => row);
    expect(rows).toMatchObject([
      {
        kind: 'provider',
        name: 'quote',
        connectionId: 'a',
        module: 'shop',
        provider: 'x',
        request: 'r-1',
        subjects: ['order:7'],
        status: 404,
        outcome: 'rejected',
      },
      {
        verb: 'POST',
        address: `${url}/orders`,
        status: 200,
        outcome: 'rejected',
        error: 'no such tariff',
        requestBody: { content: '{"order":"7"}' },
      },
    ]);
    expect(String(rows[1]?.replyBody?.content)).toBe('{"status":"ok"}');
  });

  it('is its own row if nothing was sent', async () => {
    await create('adapters').call(connection, 'quote', (able) => able.quote(1));
    expect(journal.record.mock.calls).toMatchObject([[{ name: 'quote', outcome: 'ok' }]]);
    expect(journal.record.mock.calls[0]?.[0]).not.toHaveProperty('address');
  });

  it('that lasts is written immediately', async () => {
    await create('adapters').call(
      connection,
      'quote',
      async () => {
        await send('/orders');
        expect(journal.record).toHaveBeenCalledTimes(1);
      },
      { lasting: true },
    );
    expect(journal.record).toHaveBeenCalledTimes(2);
  });

  it('includes the adapter’s work for a webhook, if it exchanges something', async () => {
    const adapters = create('adapters');
    expect(await adapters.observe(connection, 'webhook.reply', () => Promise.resolve(1))).toBe(1);
    expect(journal.record).not.toHaveBeenCalled();
    await adapters.observe(connection, 'webhook.reply', () => send('/orders'));
    expect(journal.record.mock.calls).toMatchObject([
      [{ name: 'webhook.reply', provider: 'x', request: 'r-1', status: 200, outcome: 'ok' }],
    ]);
  });

  it('does not exist for a built-in provider', async () => {
    await create('services').call(connection, 'quote', (able) => able.quote(1));
    await create('services').observe(connection, 'webhook.reply', () => send('/orders'));
    expect(journal.record).not.toHaveBeenCalled();
  });
});

describe('the manifest of a connection', () => {
  class Manifest {
    readonly code = 'x';
    readonly currencies: readonly string[] = ['EUR'];
    made = 0;

    bySettings({ currencies }: { currencies: string[] }): object {
      this.made++;
      return { currencies };
    }

    listShops(): string[] {
      return this.currencies.map((currency) => `shop in ${currency}`);
    }
  }

  const create = (manifest: object): Providers<{ manifest: ProviderManifest<object> & Manifest }> =>
    new Providers(
      { adapters: [{ manifest } as unknown as { manifest: ProviderManifest<object> & Manifest }], services: [] },
      {} as ProviderContexts,
      {} as ProviderWatch,
      { isOn: false } as Journal,
      {} as Traffic,
    );
  const connect = (settings: object): Connection => ({ ...connection, settings });

  it('is as its settings make it, made once for a settings object', () => {
    const manifest = new Manifest();
    const providers = create(manifest);
    const settings = { currencies: ['RUB', 'KZT'] };
    const made = providers.getManifest(connect(settings));
    expect(made.currencies).toEqual(['RUB', 'KZT']);
    expect([made.code, made.listShops()]).toEqual(['x', ['shop in RUB', 'shop in KZT']]);
    expect(providers.getManifest(connect(settings))).toBe(made);
    expect(manifest.made).toBe(1);
    expect(providers.getManifest(connect({ currencies: ['MXN'] })).currencies).toEqual(['MXN']);
    expect(manifest).toMatchObject({ currencies: ['EUR'], made: 2 });
  });

  it('is the bare one of a provider without such, whose settings are not opened', () => {
    const manifest = { code: 'x' };
    const unfit: Connection = {
      ...connection,
      get settings(): object {
        throw new Error('they do not fit');
      },
    };
    expect(create(manifest).getManifest(unfit)).toBe(manifest);
  });
});
