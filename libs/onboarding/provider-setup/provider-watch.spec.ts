import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import {
  type CheckOutcome,
  type Connection,
  type HealthStore,
  type HostedModule,
  NO_PROBLEMS,
  type Problems,
  type RejectedCalls,
} from '#connections';
import type { Database, Transaction } from '#platform';
import type { AccountNotices } from '../notices/account-notices.js';
import { buildCredentialsNotice, ProviderWatch } from './provider-watch.js';

const module = {
  ...{ code: 'carrier', providers: [] as HostedModule[], names: { en: 'Carrier', es: 'Carrier', ru: 'Carrier' } },
  manifest: { code: 'carrier', title: { en: 'Carrier' } },
} as unknown as HostedModule;
const known = (): Problems[string] => ({ since: new Date().toISOString(), reason: 'no route' });
const see = (problems: Problems = NO_PROBLEMS, rejectedCalls: string[] = []): Connection =>
  ({ id: 'c', module, problems, rejectedCalls, code: 'carrier', account: { language: 'en' } }) as unknown as Connection;
const settle = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

describe('what is known of a service', () => {
  const health = {
    begin: jest.fn(() => Promise.resolve(true)),
    end: jest.fn(() => Promise.resolve(true)),
    suspect: jest.fn(() => Promise.resolve()),
    endOf: jest.fn(() => Promise.resolve()),
  };
  const refused = {
    add: jest.fn(() => Promise.resolve(true)),
    remove: jest.fn(() => Promise.resolve()),
    clear: jest.fn(() => Promise.resolve()),
    isDue: jest.fn(() => Promise.resolve(true)),
    markTold: jest.fn(() => Promise.resolve()),
  };
  const notices = { add: jest.fn(() => Promise.resolve(true)), withdraw: jest.fn(() => Promise.resolve()) };
  const database = { transaction: <T>(work: (tx: Transaction) => Promise<T>) => work({} as Transaction) } as unknown as Database;
  let watch: ProviderWatch;

  beforeEach(() => {
    jest.clearAllMocks();
    jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    watch = new ProviderWatch(
      database,
      refused as unknown as RejectedCalls,
      notices as unknown as AccountNotices,
      health as unknown as HealthStore,
    );
  });

  it('is checked after one failure, and counts as unavailable after another failure without a success between', async () => {
    const now = performance.now();
    watch.recordOutage(see(), 'no route', now - 100);
    watch.recordOutage(see(), 'no route', now - 50);
    await settle();
    expect([health.suspect.mock.calls, health.begin.mock.calls]).toEqual([[['c', 'carrier']], []]);
    watch.recordOutage(see(), 'no route', now + 6_000);
    await settle();
    expect(health.begin.mock.calls).toEqual([['c', { kind: 'service-away', provider: 'carrier' }, 'no route']]);
    watch.recordOutage(see({ 'service-away:carrier': known() }), 'no route', now + 20_000);
    watch.recordSuccess(see(), 'quote', true);
    watch.recordOutage(see(), 'no route', now + 30_000);
    await settle();
    expect([health.suspect.mock.calls.length, health.begin.mock.calls.length]).toEqual([2, 1]);
  });

  it('is forgotten with the notice about it after new settings, and away no more only when they were tried', async () => {
    const tx = {} as Transaction;
    await watch.forget(see(), tx);
    expect([refused.clear.mock.calls.length, notices.withdraw.mock.calls]).toEqual([1, [['c', 'credentials carrier', tx]]]);
    expect(health.endOf).not.toHaveBeenCalled();
    await watch.forget(see(), tx, { state: 'ok' } as CheckOutcome);
    expect(health.endOf.mock.calls).toEqual([['c', 'service-away', module, tx]]);
  });

  it('is well at the first success, which ends neither a lost line nor what another provider has', async () => {
    watch.recordSuccess(see(), 'quote', true);
    const problems = {
      'service-away:carrier': known(),
      'service-away:carrier#line': known(),
      'service-away:depot': known(),
    };
    watch.recordSuccess(see(problems), 'quote', true);
    await settle();
    expect(health.end.mock.calls).toEqual([['c', ['service-away:carrier']]]);
    watch.recordLine(see(problems), undefined);
    await settle();
    expect(health.end.mock.calls[1]).toEqual(['c', ['service-away:carrier#line']]);
  });

  it('is healthy after any response, also a refusal, and earlier failures no longer count', async () => {
    const now = performance.now();
    watch.recordOutage(see(), 'no route', now);
    watch.recordAnswer(see());
    watch.recordOutage(see(), 'no route', now + 6_000);
    await settle();
    expect(health.begin).not.toHaveBeenCalled();
    const away = { 'service-away:carrier': known(), 'service-away:carrier#line': known() };
    watch.recordAnswer(see(away));
    await settle();
    expect(health.end.mock.calls).toEqual([['c', ['service-away:carrier']]]);
    // The rejection is stored first, so the connection has a problem in between.
    refused.add.mockImplementationOnce(() => {
      expect(health.end).toHaveBeenCalledTimes(1);
      return Promise.resolve(true);
    });
    for (const rejectedCalls of [[], ['quote']]) {
      watch.recordRejection(see(away, rejectedCalls), 'quote', 'no such key');
      await settle();
      expect(health.end.mock.calls.pop()).toEqual(['c', ['service-away:carrier']]);
    }
  });

  it('becomes unavailable again only after two failures, once a check was successful', async () => {
    const now = performance.now();
    watch.recordOutage(see(), 'no route', now);
    watch.recordOutage(see({ 'service-away:carrier': known() }), 'no route', now + 6_000);
    await watch.noteWell(see({ 'service-away:carrier': known() }));
    expect(health.end.mock.calls.pop()).toEqual(['c', ['service-away:carrier']]);
    watch.recordOutage(see(), 'no route', now + 12_000);
    await settle();
    expect(health.begin).not.toHaveBeenCalled();
    watch.recordOutage(see(), 'no route', now + 18_000);
    await settle();
    expect(health.begin).toHaveBeenCalledTimes(1);
  });

  it('is healthy after a check, which resolves the refusal of an earlier check', async () => {
    await watch.noteWell(see({ 'service-away:carrier': known() }));
    expect(health.end.mock.calls.pop()).toEqual(['c', ['service-away:carrier']]);
    expect(refused.clear).not.toHaveBeenCalled();
    // If a check rejected a key and accepts it now, the key was fixed there. A rejection of a single call
    // stays.
    await watch.noteWell(see(NO_PROBLEMS, ['save']));
    expect(refused.clear).not.toHaveBeenCalled();
    await watch.noteWell(see(NO_PROBLEMS, ['save', 'check']));
    expect(refused.clear).toHaveBeenCalledTimes(1);
  });

  it('causes a notice when its credentials are rejected, as soon as the account may get one', async () => {
    notices.add.mockResolvedValueOnce(false);
    await watch.noteRejection(see(), 'save', 'wrong key');
    expect([refused.add.mock.calls.length, refused.markTold.mock.calls.length]).toEqual([1, 0]);
    await watch.remind(see());
    expect([notices.add.mock.calls.length, refused.markTold.mock.calls.length]).toEqual([2, 1]);
  });

  it('remembers which connections were called, of providers that are followed', () => {
    watch.recordSuccess(see(), 'quote', true);
    expect(watch.takeCalled()).toEqual([]);
    watch.follow([module]);
    for (let n = 0; n < 3; n++) watch.recordSuccess(see(), 'quote', true);
    expect([watch.takeCalled(), watch.takeCalled()]).toEqual([[{ id: 'c', provider: 'carrier' }], []]);
  });
});

describe('the notice', () => {
  it.each(['en', 'es', 'ru'] as const)('in %s has no more than 160 characters, whatever the name', (language) => {
    for (const name of ['Courier', 'x'.repeat(300), '<&">'.repeat(40), '😀'.repeat(100)]) {
      const text = buildCredentialsNotice(name)[language];
      expect(text.replace(/<\/?b>/g, '').length).toBeLessThanOrEqual(160);
      expect(text).toMatch(/^<b>[^<>"]+<\/b>: [^<>]+$/);
    }
  });
});
