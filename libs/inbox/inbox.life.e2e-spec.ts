import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Connection, ConnectionStore, HostedModule, ProviderContexts } from '#connections';
import { Database, type JobQueue } from '#platform';
import { ProviderError, type ProviderWebhook, type WebhookReply } from '#provider-kit';
import { createSpecDatabase, type SpecDatabase, webhookRequest } from '#testing';
import { InboxApplier } from './inbox-applier.js';
import { inboxSchema } from './inbox.module.js';
import { InboxService } from './inbox.service.js';
import { UnreadableEventError } from './tries.js';
import { UnreadableWebhookStore } from './unreadable-webhooks.js';

const TRIES = 12;

const module = { code: 'acme', integration: 'delivery', manifest: { code: 'carrier' } } as unknown as HostedModule;
Object.assign(module, { providers: [module] });

let spec: SpecDatabase | undefined;
let source: DataSource;
let inbox: InboxService;
let applier: InboxApplier;
/** Another process on the same database. */
let elsewhere: InboxApplier;
let inboxElsewhere: InboxService;
let connection: Connection;
/** Connections woken. */
let woken: string[];
/** Events applied, by their names. */
let applied: string[];
/** Applies an event within its transaction. */
let apply: (name: string) => Promise<void>;

beforeAll(async () => {
  spec = await createSpecDatabase([inboxSchema]);
  source = spec.source;
  await source.query('CREATE TABLE spec_effect (name text)');
});
afterAll(() => spec?.remove());

beforeEach(() => {
  jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  connection = { id: randomUUID(), module } as Connection;
  [woken, applied] = [[], []];
  apply = () => Promise.resolve();
  const connections = { findById: () => Promise.resolve(connection) } as unknown as ConnectionStore;
  const queue = {
    wake: (_job: object, data: { connectionId: string }) => woken.push(data.connectionId),
    wakeAll: (_job: object, drafts: { data: { connectionId: string } }[]) => woken.push(...drafts.map(({ data }) => data.connectionId)),
  } as unknown as JobQueue;
  const contexts = { contextFor: () => ({}) } as unknown as ProviderContexts;
  [applier, elsewhere] = [0, 1].map(() => new InboxApplier(new Database(source), connections, queue)) as [InboxApplier, InboxApplier];
  [inbox, inboxElsewhere] = [applier, elsewhere].map((one) => new InboxService(new Database(source), contexts, one)) as [
    InboxService,
    InboxService,
  ];
  for (const service of [applier, elsewhere])
    service.handle<{ name: string }>('spec', async (tx, _connection, { name }) => {
      await tx.query('INSERT INTO spec_effect VALUES ($1)', [name]);
      await apply(name);
      applied.push(name);
    });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await source.query('DELETE FROM spec_effect');
});

const keep = (...names: string[]): Promise<unknown> =>
  inbox.keep(
    connection,
    names.map((name) => ({ eventId: name, kind: 'spec', payload: { name } })),
  );
/** Stores events whose names start with their subject, such as `a1`. */
const keepOf = (...names: string[]): Promise<unknown> =>
  inbox.keep(
    connection,
    names.map((name) => ({ eventId: name, kind: 'spec', payload: { name }, subject: name.charAt(0) })),
  );
const applyAll = (service = applier): Promise<void> => service.applyAll({ connectionId: connection.id });
const events = (): Promise<{ id: string; name: string; state: string; attempts: number; last_error: string | null }[]> =>
  source.query(`SELECT id, event_id AS name, state, attempts, last_error FROM inbox_event WHERE connection_id = $1 ORDER BY id`, [
    connection.id,
  ]);
/** Simulates that the longest wait of an event has passed. */
const pass = (): Promise<unknown> => source.query(`UPDATE inbox_event SET due_at = now() WHERE connection_id = $1`, [connection.id]);
const effects = async (): Promise<string[]> =>
  (await source.query<{ name: string }[]>('SELECT name FROM spec_effect')).map((row) => row.name);

describe('events', () => {
  it('are stored once despite repeats, and wake a worker', async () => {
    await keep('a', 'b');
    await keep('b', 'c');
    expect((await events()).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(woken).toEqual([connection.id, connection.id]);
  });

  it('of two providers of a module may have the same ids, and are applied by their own provider', async () => {
    const [carrier, depot] = [
      ['carrier', 'delivery'],
      ['depot', 'store'],
    ].map(([code, integration]) => ({ code: 'acme', integration, manifest: { code } }) as unknown as HostedModule) as [
      HostedModule,
      HostedModule,
    ];
    for (const part of [carrier, depot]) Object.assign(part, { providers: [carrier, depot] });
    const views: Connection[] = [];
    const [ofCarrier, ofDepot] = [carrier, depot].map((one) => ({ id: connection.id, module: one, views }) as unknown as Connection);
    if (!ofCarrier || !ofDepot) throw new Error('there are two');
    views.push(ofCarrier, ofDepot);
    connection = ofCarrier;
    const seen: string[] = [];
    for (const [kind, integration] of [
      ['spec.delivery', 'delivery'],
      ['spec.store', 'store'],
    ] as const)
      applier.handle(
        kind,
        (_tx, { module: { manifest } }) => {
          seen.push(`${kind} ${manifest.code}`);
          return Promise.resolve();
        },
        integration,
      );
    await inbox.keep(ofCarrier, [{ eventId: '1', kind: 'spec.delivery', payload: {} }]);
    await inbox.keep(ofDepot, [{ eventId: '1', kind: 'spec.store', payload: {} }]);
    await inbox.keep(ofDepot, [{ eventId: '1', kind: 'spec.store', payload: {} }]);
    expect((await events()).map(({ name }) => name)).toEqual(['1', 'depot/1']);
    await applyAll();
    expect(seen).toEqual(['spec.delivery carrier', 'spec.store depot']);
  });

  it('are applied in the order of arrival', async () => {
    await keep('b', 'a');
    await keep('c');
    await applyAll();
    expect(applied).toEqual(['b', 'a', 'c']);
  });

  it('are applied once by several workers', async () => {
    const names = Array.from({ length: 20 }, (_, n) => `e${String(n).padStart(2, '0')}`);
    await keep(...names);
    apply = () => new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all([applyAll(), applyAll(elsewhere), applyAll()]);
    expect([...applied].sort()).toEqual(names);
    expect((await effects()).sort()).toEqual(names);
    await applyAll();
    expect(applied).toHaveLength(20);
  });
});

describe('events that only mark rows', () => {
  const receive = (...ids: string[]): Promise<WebhookReply | undefined> => {
    const webhook: ProviderWebhook<object, { id: string }> = { verify: () => true, parse: () => ids.map((id) => ({ id })) };
    const toPayload = ({ id }: { id: string }): object => ({ name: id });
    return inbox.receive(connection, webhook, webhookRequest(''), { kind: 'spec', appliesNow: true, toPayload });
  };

  it('are applied once, in the transaction that stores them, without a worker', async () => {
    await Promise.all([receive('a', 'b'), receive('a', 'b', 'c')]);
    expect((await effects()).sort()).toEqual(['a', 'b', 'c']);
    expect((await events()).map(({ state }) => state)).toEqual(['applied', 'applied', 'applied']);
    expect(woken).toEqual([]);
  });

  it('are left to a worker if their handler fails', async () => {
    apply = () => Promise.reject(new Error('not now'));
    await receive('a');
    expect([await effects(), (await events())[0]?.state, woken]).toEqual([[], 'pending', [connection.id]]);
    apply = () => Promise.resolve();
    await applyAll();
    expect(await effects()).toEqual(['a']);
  });

  it('do not wait long for a row that another transaction locks', async () => {
    applier.handle('spec', async (tx) => void (await tx.query(`UPDATE spec_effect SET name = 'marked' WHERE name = 'row'`)));
    await source.query(`INSERT INTO spec_effect VALUES ('row')`);
    await new Database(source).transaction(async (tx) => {
      await tx.query('SELECT FROM spec_effect FOR UPDATE');
      await receive('a');
    });
    expect([await effects(), woken]).toEqual([['row'], [connection.id]]);
    await applyAll();
    expect(await effects()).toEqual(['marked']);
  });
});

describe('an event that cannot be applied', () => {
  it('stores nothing but its error, and delays no other', async () => {
    await keep('bad', 'good');
    apply = (name) => (name === 'bad' ? Promise.reject(new Error('no such payment')) : Promise.resolve());
    await applyAll();
    expect([applied, await effects()]).toEqual([['good'], ['good']]);
    expect(await events()).toMatchObject([
      { name: 'bad', state: 'pending', attempts: 1, last_error: 'no such payment' },
      { name: 'good', state: 'applied', attempts: 0 },
    ]);
    await applyAll();
    expect((await events())[0]?.attempts).toBe(1);
  });

  it('fails after twelve attempts, and after twelve more if it was replayed', async () => {
    await keep('bad');
    apply = () => Promise.reject(new Error('no'));
    const tryUntil = async (attempts: number): Promise<void> => {
      for (let n = 0; n < TRIES + 3; n++) {
        await pass();
        await applyAll();
      }
      expect(await events()).toMatchObject([{ state: 'failed', attempts }]);
    };
    await tryUntil(TRIES);
    const [event] = await events();
    expect(await inbox.replay({ connectionId: connection.id })).toEqual([{ id: event?.id, outcome: 'queued' }]);
    await tryUntil(2 * TRIES);
    await inbox.replay({ ids: [String(event?.id)] });
    apply = () => Promise.resolve();
    await applyAll();
    expect(await events()).toMatchObject([{ state: 'applied', attempts: 2 * TRIES, last_error: null }]);
    expect(await inbox.replay({ ids: [String(event?.id), '999999999'] })).toEqual([
      { id: event?.id, outcome: 'not-failed', reason: 'it is applied' },
      { id: '999999999', outcome: 'not-found' },
    ]);
  });

  it('fails immediately if it is unreadable, also after a replay', async () => {
    await keep('odd');
    apply = () => Promise.reject(new UnreadableEventError('not as it is described'));
    await applyAll();
    const [event] = await events();
    expect(event).toMatchObject({ state: 'failed', attempts: 1, last_error: 'not as it is described' });
    await inbox.replay({ ids: [String(event?.id)] });
    await applyAll();
    expect(await events()).toMatchObject([{ state: 'failed', attempts: 2 }]);
  });

  it('stays applied when a worker that failed earlier reports its failure', async () => {
    await keep('a');
    apply = () => {
      apply = () => Promise.resolve();
      return Promise.reject(new Error('a moment too early'));
    };
    const query = source.query.bind(source);
    jest.spyOn(source, 'query').mockImplementation(async (...args: Parameters<DataSource['query']>) => {
      if (String(args[0]).startsWith('UPDATE inbox_event SET attempts')) await applyAll(elsewhere);
      return query(...args);
    });
    await applyAll();
    expect(await events()).toMatchObject([{ state: 'applied', attempts: 0, last_error: null }]);
  });

  it('waits for its second application while later events of its subject are applied', async () => {
    applier.handle<{ again?: boolean }>('waiting', (_tx, _connection, { again }) => {
      applied.push(again ? 'a2' : 'a1');
      return Promise.resolve(again ? undefined : { afterS: 60, payload: { again: true } });
    });
    await inbox.keep(connection, [{ eventId: 'a1', kind: 'waiting', payload: {}, subject: 'a' }]);
    await keepOf('a3');
    await applyAll();
    await applyAll();
    expect(applied).toEqual(['a1', 'a3']);
    await pass();
    await applyAll();
    expect(applied).toEqual(['a1', 'a3', 'a2']);
    expect(await events()).toMatchObject([{ state: 'applied' }, { state: 'applied' }]);
  });

  it('can be discarded only after it has failed', async () => {
    await inbox.keep(connection, [{ eventId: 'x', kind: 'spec', payload: { name: 'x' } }]);
    const discard = async (): Promise<number> =>
      new Database(source).transaction(async (tx) =>
        inbox.discard(
          tx,
          (await events()).map(({ id }) => id),
          'ann',
        ),
      );
    expect([await discard(), await events()]).toMatchObject([0, [{ state: 'pending' }]]);
    apply = () => Promise.reject(new UnreadableEventError('no order in it'));
    await applyAll();
    expect([await discard(), await events()]).toMatchObject([1, [{ state: 'discarded' }]]);
  });

  it('is kept also if nothing applies its kind', async () => {
    await inbox.keep(connection, [{ eventId: 'x', kind: 'unheard-of', payload: {} }]);
    await applyAll();
    expect(await events()).toMatchObject([{ state: 'pending', last_error: 'there is no handler for inbox events of kind unheard-of' }]);
  });
});

describe('events of one subject', () => {
  const states = async (): Promise<string[]> => (await events()).map(({ name, state, attempts }) => `${name} ${state} ${attempts}`);

  it('wait for an event that cannot be applied, and other subjects do not', async () => {
    await keepOf('a1', 'a2', 'b1', 'a3');
    await keep('none');
    apply = (name) => (name === 'a1' ? Promise.reject(new Error('no')) : Promise.resolve());
    for (let n = 1; n <= 2; n++) {
      await applyAll();
      expect(applied).toEqual(['b1', 'none']);
      expect(await states()).toEqual([`a1 pending ${n}`, 'a2 pending 0', 'b1 applied 0', 'a3 pending 0', 'none applied 0']);
      await pass();
    }
    apply = () => Promise.resolve();
    await applyAll();
    expect(applied).toEqual(['b1', 'none', 'a1', 'a2', 'a3']);
  });

  it('continue when it has failed', async () => {
    await keepOf('a1', 'a2');
    apply = (name) => (name === 'a1' ? Promise.reject(new Error('no')) : Promise.resolve());
    for (let n = 1; n < TRIES; n++) {
      await applyAll();
      await pass();
    }
    expect(applied).toEqual([]);
    await applyAll();
    expect(await states()).toEqual([`a1 failed ${TRIES}`, 'a2 applied 0']);
  });

  it('are not applied while another worker applies an earlier one', async () => {
    await keepOf('a1', 'a2', 'b1');
    apply = async (name) => {
      if (name !== 'a1') return;
      await applyAll(elsewhere);
      expect(applied).toEqual(['b1']);
    };
    await applyAll();
    expect(applied).toEqual(['b1', 'a1', 'a2']);
  });

  it('are independent between two connections', async () => {
    await keepOf('a1');
    apply = (name) => (name === 'a1' ? Promise.reject(new Error('no')) : Promise.resolve());
    await applyAll();
    connection = { id: randomUUID(), module } as Connection;
    await keepOf('a2');
    await applyAll();
    expect(applied).toEqual(['a2']);
  });

  it('stay in order with several workers and occasional failures', async () => {
    const names = Array.from({ length: 60 }, (_, n) => `${'abcd'.charAt(n % 4)}${String(n).padStart(2, '0')}`);
    const begun: string[] = [];
    await keepOf(...names);
    let calls = 0;
    apply = async (name) => {
      begun.push(name);
      await new Promise((resolve) => setTimeout(resolve, calls % 7));
      if (calls++ % 5 === 0) throw new Error('not now');
    };
    while ((await events()).some(({ state }) => state === 'pending')) {
      await Promise.all([applyAll(), applyAll(elsewhere), applyAll(), applyAll(elsewhere)]);
      await pass();
    }
    const of = (list: string[], subject: string): string[] => list.filter((name) => name.startsWith(subject));
    for (const subject of 'abcd') {
      expect(of(applied, subject)).toEqual(of(names, subject));
      // No event was tried before its turn.
      expect(of(begun, subject)).toEqual(of(begun, subject).toSorted());
    }
  });

  it('get it from the integration, for each event of a webhook', async () => {
    const webhook: ProviderWebhook<object, { id: string }> = { verify: () => true, parse: () => [{ id: 'a1' }, { id: 'b1' }, { id: '1' }] };
    await inbox.receive(connection, webhook, webhookRequest(''), {
      kind: 'spec',
      toPayload: ({ id }) => ({ name: id }),
      toSubject: ({ id }) => /^[a-z]/.exec(id)?.[0],
    });
    const rows = await source.query(`SELECT subject FROM inbox_event WHERE connection_id = $1 ORDER BY id`, [connection.id]);
    expect(rows).toEqual([{ subject: 'a' }, { subject: 'b' }, { subject: null }]);
  });
});

it('applies events that a process of the previous version stores', async () => {
  const store = (name: string): Promise<unknown> =>
    source.query(
      `INSERT INTO inbox_event (connection_id, event_id, kind, payload, request)
       SELECT $1, event_id, kind, payload, $5 FROM unnest($2::text[], $3::text[], $4::jsonb[]) AS d (event_id, kind, payload)
       ON CONFLICT (connection_id, event_id) DO NOTHING`,
      [connection.id, [name], ['spec'], [JSON.stringify({ name })], null],
    );
  await store('before');
  await store('beside');
  expect(
    await inbox.keep(connection, [{ eventId: 'before', kind: 'spec', payload: {}, reply: { status: 201, body: '' } }]),
  ).toBeUndefined();
  await applyAll();
  expect(applied).toEqual(['before', 'beside']);
});

describe('the sweeper', () => {
  it('wakes only connections with due events', async () => {
    await keep('a');
    woken = [];
    await applier.sweep();
    expect(woken).not.toContain(connection.id);
    await source.query(`UPDATE inbox_event SET due_at = now() - interval '2 seconds' WHERE connection_id = $1`, [connection.id]);
    await applier.sweep();
    expect(woken).toContain(connection.id);
  });
});

describe('a webhook', () => {
  const webhook = (isGenuine: boolean): ProviderWebhook<object, { id: string; n: number }> => ({
    verify: () => isGenuine,
    parse: () => [1, 2].map((n) => ({ id: `e${n}`, n })),
  });
  const receive = (hook: ReturnType<typeof webhook> | undefined): Promise<WebhookReply | undefined> =>
    inbox.receive(connection, hook, {} as never, {
      kind: 'spec',
      toPayload: ({ n }) => ({ name: `n${n}` }),
      admit: (all) => Promise.resolve(all.filter(({ n }) => n > 1)),
    });

  it('is stored if it is genuine and its events are admitted', async () => {
    await receive(webhook(true));
    expect((await events()).map(({ name }) => name)).toEqual(['e2']);
  });

  it('that is unreadable is accepted if its sender would delay later ones, otherwise rejected', async () => {
    const odd = (more: Partial<ProviderWebhook<object, { id: string }>>): ProviderWebhook<object, { id: string }> => ({
      ...{ verify: () => true, reply: () => ({ status: 200, body: '' }), ...more },
      parse: () => {
        throw new ProviderError('invalid', 'This is no update');
      },
    });
    const take = (hook: ReturnType<typeof odd>, unreadKind?: string): Promise<WebhookReply | undefined> => {
      const toPayload = (event: object): object => event;
      return inbox.receive(connection, hook, webhookRequest('{"a":"ж"}', {}, { path: '7' }), {
        ...{ kind: 'spec', toPayload, ...(unreadKind !== undefined && { unreadKind }) },
      });
    };
    const known = odd({ identifyUnread: ({ path }) => `${path}:1` });
    await expect(take(odd({}), 'spec.unread')).rejects.toThrow('This is no update');
    await expect(take(known)).rejects.toThrow('This is no update');
    await expect(take(odd({ verify: () => false, identifyUnread: () => '1' }), 'spec.unread')).rejects.toThrow('signature');
    // Sent twice, because its sender may repeat it.
    for (let n = 0; n < 2; n++) expect(await take(known, 'spec.unread')).toEqual({ status: 200, body: '' });
    const rows = await source.query('SELECT event_id, kind, payload, subject FROM inbox_event WHERE connection_id = $1', [connection.id]);
    const payload = { problem: 'This is no update', path: '7', body: '{"a":"ж"}' };
    expect(rows).toEqual([{ event_id: '7:1', kind: 'spec.unread', payload, subject: null }]);
  });

  describe('with a reply of the provider', () => {
    let asked: string[][];
    /** Replies differently each time. */
    const replying: ProviderWebhook<object, { id: string }> = {
      verify: () => true,
      parse: ({ query }) => query.getAll('id').map((id) => ({ id })),
      reply: (events) => {
        asked.push(events.map(({ id }) => id));
        return { status: 201, body: { zebra: asked.length, a: '\u0000', 1: [] } };
      },
    };
    const answer = (ids: string[], hook = replying, service = inbox): Promise<WebhookReply | undefined> =>
      service.receive(
        connection,
        hook,
        webhookRequest('', {}, { query: new URLSearchParams(ids.map((id): [string, string] => ['id', id])) }),
        {
          kind: 'spec',
          toPayload: ({ id }) => ({ name: id }),
          admit: (all) => Promise.resolve(all.filter(({ id }) => id !== 'foreign')),
        },
      );
    beforeEach(() => {
      asked = [];
    });

    it('gets the first reply, identical to the byte, while the first event is the same', async () => {
      const first = JSON.stringify(await answer(['a', 'b', 'a']));
      expect(first).toBe('{"status":201,"body":{"1":[],"zebra":1,"a":"\\u0000"}}');
      expect(JSON.stringify(await answer(['a']))).toBe(first);
      expect(JSON.stringify(await answer(['a', 'c'], { ...replying, reply: () => undefined }))).toBe(first);
      await applyAll();
      expect(JSON.stringify(await answer(['a']))).toBe(first);
      expect(applied).toEqual(['a', 'b', 'c']);
      expect(asked).toEqual([['a', 'b', 'a'], ['a'], ['a']]);
    });

    it('gets no such reply if there was none the first time', async () => {
      expect(await answer(['a'], { ...replying, reply: () => undefined })).toBeUndefined();
      expect(await answer(['a'])).toBeUndefined();
      // The second event of a webhook has no reply.
      await answer(['b', 'c']);
      expect(await answer(['c'])).toBeUndefined();
    });

    it('gets one reply for two simultaneous webhooks: the stored one', async () => {
      const stored = JSON.stringify({ status: 202, body: 'of another process' });
      const other = source.createQueryRunner();
      await other.startTransaction();
      await other.query(`INSERT INTO inbox_event (connection_id, event_id, kind, payload, reply) VALUES ($1, 'a', 'spec', '{}', $2)`, [
        connection.id,
        stored,
      ]);
      const waiting = answer(['a']);
      const countWaiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      while ((await source.query<object[]>(countWaiting)).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await other.commitTransaction();
      await other.release();
      expect(JSON.stringify(await waiting)).toBe(stored);
      const replies = await Promise.all(Array.from({ length: 20 }, (_, n) => answer(['b'], replying, n % 2 ? inbox : inboxElsewhere)));
      expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
    });

    it('gets its reply while a worker applies the event', async () => {
      const first = await answer(['a']);
      let repeated: WebhookReply | undefined;
      apply = async () => void (repeated = await answer(['a']));
      await applyAll();
      expect([repeated, applied]).toEqual([first, ['a']]);
    });

    it('gets such a reply also if no event is stored', async () => {
      expect(await answer(['foreign'])).toMatchObject({ status: 201 });
      expect([asked, await events()]).toEqual([[[]], []]);
    });
  });

  it('is rejected and not stored if it is forged or unknown to the provider', async () => {
    await expect(receive(webhook(false))).rejects.toMatchObject({ status: 400 });
    await expect(receive(undefined)).rejects.toMatchObject({ status: 404 });
    expect([await events(), woken]).toEqual([[], []]);
  });
});

describe('unreadable webhooks', () => {
  beforeAll(() => source.query('CREATE TABLE connection (id uuid)'));
  const record = (store: UnreadableWebhookStore, text: string): void =>
    store.record(connection, { rawBody: Buffer.from(text) }, 'cannot be read');

  it('are counted, the last twenty are kept without names, and all are deleted after thirty days', async () => {
    await source.query('INSERT INTO connection VALUES ($1)', [connection.id]);
    const store = new UnreadableWebhookStore(new Database(source));
    for (let n = 1; n <= 15; n++) record(store, `{"type":"ORDER_STATUS","name":"Ольга","uuid":"${n}"}`);
    await store.beforeApplicationShutdown();
    for (let n = 16; n <= 30; n++) record(store, `{"type":"ORDER_STATUS","uuid":"${n}"}`);
    record(store, 'no \0 JSON of Ольга');
    await store.beforeApplicationShutdown();
    const { count, samples } = await store.read(connection.id);
    expect([count, samples.length]).toEqual([31, 20]);
    expect(samples[0]).toMatchObject({ problem: 'cannot be read', size: 23 });
    expect([samples[1], samples[19]]).toMatchObject([{ body: { type: 'ORDER_STATUS', uuid: '30' } }, { body: { uuid: '12' } }]);
    expect(JSON.stringify(samples)).not.toContain('Ольга');
    await store.clean();
    expect((await store.read(connection.id)).count).toBe(31);
    await source.query(`UPDATE unreadable_webhook SET last_at = now() - interval '31 days'`);
    await store.clean();
    expect(await store.read(connection.id)).toEqual({ count: 0, lastAt: null, samples: [] });
  });

  it('of a deleted connection are not kept', async () => {
    const store = new UnreadableWebhookStore(new Database(source));
    record(store, 'x');
    await store.beforeApplicationShutdown();
    expect((await store.read(connection.id)).count).toBe(0);
  });
});
