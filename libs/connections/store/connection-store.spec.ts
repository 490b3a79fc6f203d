import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { IsInt } from 'class-validator';
import type { EntityManager } from 'typeorm';
import { type Database, type Environment, type PreparedStatement, SecretBox, sha256Hex } from '#platform';
import { packParts } from '#provider-kit';
import { type CompiledRow, SettingsCompilation } from './compiled-settings.js';
import { ConnectionMemory } from './connection-memory.js';
import { ConnectionSecrets } from '../connection-secrets.js';
import { ConnectionStore } from './connection-store.js';
import { SealedValues } from './sealed-values.js';
import type { CallerRow } from './stored-connection.js';
import { type HostedModule, HostedModules } from '../hosted-modules.js';

class Prices {
  @IsInt() price!: number;
}

const ENVIRONMENT = { production: false } as Environment;
const secrets = new ConnectionSecrets(new SecretBox(randomBytes(32).toString('base64')));
const manifest = { code: 'courier', settings: Prices, createDefaultSettings: () => ({ price: 0 }) } as unknown as HostedModule['manifest'];
const courier = { code: 'courier', manifest } as HostedModule;
const modules = new HostedModules(new Map([['courier', Object.assign(courier, { providers: [courier] })]]));

/** A row in the format that the database sends. */
type SentRow = Pick<CompiledRow, 'compiledSealed'> & { id: string | null };

/** Parses an array that was sent as text. */
const readArray = (text: unknown): string[] => String(text).slice(1, -1).split(',').filter(Boolean);

describe('connections in memory', () => {
  const rows = new Map<string, CallerRow>();
  /** Names of the statements that ran. */
  let run: string[];
  /** Rows that were sent. */
  let sent: SentRow[];
  let store: ConnectionStore;
  let memory: ConnectionMemory;
  /** Whether a statement with this name waits until the test releases it. */
  let isHeld: (name: string) => boolean;
  /** Functions that release the waiting statements. */
  let held: (() => void)[];

  const database = {
    run: (statement: PreparedStatement, [hashes, , renewed, versions]: unknown[]) => {
      const name = statement.name.replace(/-[0-9a-f]+$/, '');
      run.push(name);
      // Several accounts share a statement with one row each.
      const found: SentRow[] = (hashes as string[]).map((hash) => ({ ...(rows.get(hash) ?? { id: null, version: null }) }));
      if (name === 'connection-versions') {
        const known = readArray(versions);
        const changed = readArray(renewed).filter((id, at) => rows.get(sha256Hex(id))?.version !== Number(known[at]));
        found.push(...changed.map((id) => ({ id, version: null })));
      } else sent.push(...found);
      if (!isHeld(name)) return Promise.resolve(found);
      return new Promise((resolve) => held.push(() => resolve(found)));
    },
  } as unknown as Database;
  const open = (hosted: HostedModules, megabytes = 64): void => {
    memory = new ConnectionMemory({ ...ENVIRONMENT, CONNECTION_CACHE_MB: megabytes } as Environment);
    store = new ConnectionStore(
      database,
      hosted,
      memory,
      new SealedValues(secrets, ENVIRONMENT),
      new SettingsCompilation(database, secrets),
    );
  };
  const change = async (client: string, changes: Partial<CallerRow>): Promise<void> => {
    const row = rows.get(sha256Hex(client));
    if (!row) throw new Error(`no account ${client}`);
    rows.set(sha256Hex(client), { ...row, ...changes, version: row.version + 1 });
    const builder = { update: () => builder, set: () => builder, where: () => builder, execute: () => Promise.resolve() };
    await store.update(row.id, {}, { createQueryBuilder: () => builder } as unknown as EntityManager);
  };
  const seal = (client: string, settings: object): string => secrets.seal(client, 'settings', JSON.stringify(settings));
  const find = (client: string) => store.findByClientId('courier', client);

  beforeEach(() => {
    [run, sent, held, isHeld] = [[], [], [], () => false];
    rows.clear();
    open(modules);
    for (const id of ['a', 'b', 'c'])
      rows.set(sha256Hex(id), {
        ...{
          id,
          moduleCode: 'courier',
          code: 'courier',
          name: null,
          systemUrl: `https://${id}.example`,
          apiKeySealed: '',
          settingsSealed: null,
          active: true,
        },
        serviceMemorySealed: null,
        rulesSealed: null,
        byProvider: {},
        ...{
          account: { timeZone: 'UTC', language: 'en', workTimes: [], nonWorkingDays: [] },
          frozen: false,
          frozenByOperatorAt: null,
          disconnectedAt: null,
          shadow: false,
          version: 1,
          problems: {},
          rejectedCalls: [],
        },
      });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('are read whole once, then by their version', async () => {
    const first = await find('a');
    expect(memory.recall('courier', 'a')).toBe(first);
    expect(await find('a')).toBe(first);
    expect(run).toEqual(['connections-of-clients', 'connection-versions']);
  });

  it('share the statement that reads versions when they are requested together, also with a removed one', async () => {
    const clients = ['a', 'b', 'c'];
    await Promise.all(clients.map(find));
    rows.delete(sha256Hex('b'));
    run = [];
    const found = await Promise.all(['a', 'c', 'a', 'b', 'c'].map(find));
    expect(found.map((connection) => connection?.id)).toEqual(['a', 'c', 'a', undefined, 'c']);
    expect(run).toEqual(['connection-versions', 'connections-of-clients']);
  });

  it('in use are read together with another, unless they were changed or are no longer used', async () => {
    jest.useFakeTimers();
    const [, b] = [await find('a'), await find('b'), await find('c')];
    jest.advanceTimersByTime(1_600);
    expect(memory.recall('courier', 'b')).toBeUndefined();
    const changed = rows.get(sha256Hex('c'));
    rows.set(sha256Hex('c'), { ...changed, version: 2 } as CallerRow);
    run = [];
    await find('a');
    expect(memory.recall('courier', 'b')).toBe(b);
    expect(memory.recall('courier', 'c')).toBeUndefined();
    expect(run).toEqual(['connection-versions']);
    jest.advanceTimersByTime(11_000);
    await find('a');
    expect(memory.recall('courier', 'b')).toBeUndefined();
  });

  it('that this process changes while their versions are read are not taken for present ones', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    for (const client of ['a', 'b']) await find(client);
    jest.advanceTimersByTime(1_600);
    isHeld = (name) => name === 'connection-versions';
    const reading = find('a');
    while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
    memory.forget('b');
    for (const end of held) end();
    await reading;
    expect(memory.recall('courier', 'b')).toBeUndefined();
  });

  it('are read while strangers request unknown ones, which never take more than two statements at a time', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const known = await find('a');
    run = [];
    isHeld = (name) => name === 'connections-of-clients';
    const strangers = Promise.all(Array.from({ length: 200 }, (_, at) => find(`stranger ${at}`)));
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    let most = 0;
    await turn();
    expect(await find('a')).toBe(known);
    for (; held.length > 0; await turn()) {
      jest.advanceTimersByTime(60_000);
      await turn();
      most = Math.max(most, held.length);
      held.shift()?.();
    }
    expect(new Set(await strangers)).toEqual(new Set([undefined]));
    expect(most).toBe(2);
    expect(run.filter(isHeld).length).toBeLessThanOrEqual(200 / 20 + 2);
  });

  it('are dropped only by their own change', async () => {
    const [, other] = [await find('a'), await find('b')];
    await change('a', { active: false });
    expect(memory.recall('courier', 'a')).toBeUndefined();
    expect(memory.recall('courier', 'b')).toBe(other);
    expect((await find('a'))?.active).toBe(false);
    expect(memory.recall('courier', 'a')?.active).toBe(false);
  });

  it('keep stored settings from the second time on, and the object until other settings are stored', async () => {
    await change('c', { settingsSealed: seal('c', { price: 7 }) });
    await find('c');
    expect(memory.recall('courier', 'c')).toBeUndefined();
    const kept = await find('c');
    expect(memory.recall('courier', 'c')).toBe(kept);
    await change('c', { frozen: true });
    expect((await find('c'))?.settings).toBe(kept?.settings);
    await change('c', { settingsSealed: seal('c', { price: 8 }) });
    expect([kept?.settings, (await find('c'))?.settings]).toEqual([{ price: 7 }, { price: 8 }]);
  });

  it('say whose stored settings do not fit, and are found nevertheless', async () => {
    await change('c', { settingsSealed: seal('c', { price: 'much' }) });
    const found = await find('c');
    expect(found?.version).toBe(2);
    expect(() => found?.settings).toThrow('the stored settings of connection c no longer fit provider courier');
  });

  it('open the provider’s memory on request: initially empty, and only this provider’s', async () => {
    const memory = (kept: object): string => secrets.seal('c', 'serviceMemory', JSON.stringify(kept));
    expect((await find('c'))?.memory).toEqual({});
    await change('c', { serviceMemorySealed: memory({ courier: { endpoint: 'we_1' }, express: { endpoint: 'we_2' } }) });
    expect((await find('c'))?.memory).toEqual({ endpoint: 'we_1' });
    await change('c', { serviceMemorySealed: memory({ express: { endpoint: 'we_2' } }) });
    expect((await find('c'))?.memory).toEqual({});
    await change('c', { serviceMemorySealed: secrets.seal('b', 'serviceMemory', '{"courier":{"endpoint":"of another connection"}}') });
    const moved = await find('c');
    expect(moved?.settings).toEqual({ price: 0 });
    expect(() => moved?.memory).toThrow();
  });

  it('open rules when they are asked for, and keep the object until other rules or another module are stored', async () => {
    class Rules {
      @IsInt() limit!: number;
    }
    const providers: HostedModule[] = [];
    providers.push({ code: 'courier', manifest, rules: Rules, providers } as unknown as HostedModule);
    const ruled = new HostedModules(new Map(providers.map((part) => [part.code, part])));
    const seal = (rules: object): string => secrets.seal('c', 'rules', JSON.stringify(rules));
    expect((await find('c'))?.rules).toBeUndefined();
    await change('c', { rulesSealed: seal({ limit: 3 }) });
    expect((await find('c'))?.rules).toBeUndefined();
    open(ruled);
    await find('c');
    const kept = await find('c');
    expect(kept?.rules).toEqual({ limit: 3 });
    await change('c', { frozen: true });
    expect((await find('c'))?.rules).toBe(kept?.rules);
    await change('c', { rulesSealed: seal({ limit: 'many' }) });
    const unfit = await find('c');
    expect(() => unfit?.rules).toThrow('the stored rules of connection c no longer fit provider courier');
    await change('c', { rulesSealed: null });
    expect((await find('c'))?.rules).toBeUndefined();
  });

  it('belong to one module: another module finds nothing', async () => {
    await find('a');
    expect(memory.recall('express', 'a')).toBeUndefined();
    expect(await store.findByClientId('express', 'a')).toBeUndefined();
    expect(await find('unknown')).toBeUndefined();
  });

  it('take no more memory than they may with compiled settings, drop what was sent, and most stay when more come', async () => {
    const compiler = { format: 1, pack: () => [], open: ([bytes]: readonly Buffer[]) => ({ bytes }) };
    const providers: HostedModule[] = [];
    providers.push({ code: 'courier', manifest: { ...manifest, compiler }, providers } as unknown as HostedModule);
    const hosted = new HostedModules(new Map(providers.map((part) => ['courier', part])));
    open(hosted, 1);
    const template = rows.get(sha256Hex('a'));
    const clients = Array.from({ length: 150 }, (_, n) => `shop ${n}`);
    for (const client of clients) {
      const compiledSealed = secrets.sealCompiled(client, 'courier', packParts([randomBytes(10_000)]));
      rows.set(sha256Hex(client), { ...template, id: client, compiledSource: client, compiledSealed } as CallerRow);
    }
    const quoteAll = async (): Promise<void> => {
      for (const client of clients) expect((await store.findByClientId('courier', client, true))?.compiled).toBeDefined();
    };
    await quoteAll();
    expect(memory.bytes).toBeLessThanOrEqual(1024 * 1024);
    expect(memory.bytes).toBeGreaterThan(1000 * 1024);
    run = [];
    await quoteAll();
    expect(memory.bytes).toBeLessThanOrEqual(1024 * 1024);
    // 87 connections fit. If the oldest were always evicted, none of 150 in turn would still be in memory.
    expect(run.filter((name) => name === 'connection-versions').length).toBeGreaterThan(50);
    expect(sent.length).toBeGreaterThan(150);
    expect(sent.filter(({ compiledSealed }) => compiledSealed)).toEqual([]);
  });
});
