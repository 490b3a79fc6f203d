import { beforeAll, describe, expect, it } from '@jest/globals';
import { buildSettingsForm, getParser, CRM_LANGUAGES, listUntypedProperties, maskSecrets } from '#platform/plain';
import {
  areWorking,
  PROVIDER_ERROR_STATUS,
  type Provider,
  type ProviderWebhook,
  type WebhookRequest,
  type ProviderContext,
  ProviderError,
  type ProviderErrorKind,
  type Recovery,
  sayError,
  sayFields,
} from '#provider-kit';
import { listUntranslated } from './languages.js';
import { type Effect, playBusy, playLosses, type ServiceFaults, type Unproven } from './lost-calls.js';

/** A service's webhooks, as its double sees them. */
export interface ServiceHooks {
  /** Addresses that are set up there, including other programs'. */
  list(): readonly string[];
  /** Another program sets one up, in the place that the connection needs. */
  occupy(address: string): void;
  /** Removes all, including other programs' addresses. */
  clear(): void;
  /** Returns an event that the service posts to the address that is set up. For webhooks that are signed. */
  post?(): WebhookRequest | Promise<WebhookRequest>;
}

/** Samples for the methods that any provider may have. Needed for methods that exist. */
export interface ProviderSamples<S extends object> {
  /** Settings that the service rejects, and the fields that the error must contain. */
  refused?: readonly { name: string; settings: S; fields: readonly string[] }[];
  /** Makes the service fail for calls within `work`. */
  whileAway?<T>(work: () => Promise<T>): Promise<T>;
  hooks?: ServiceHooks;
  /** Signs a webhook of the service with this secret instead of the account's. */
  signWith?(request: WebhookRequest, secret: string): WebhookRequest;
  /** Webhooks like this one, of other accounts at the service, which must be refused. */
  listForeign?(request: WebhookRequest): WebhookRequest[];
  /** By lookup: a term, and the value of an item that it must find. */
  lookups?: Readonly<Record<string, { term: string; value: string | number }>>;
}

/** The subject of a conformance suite of any kind. */
export interface ProviderSubject<S extends object> {
  readonly provider: Provider<S>;
  readonly context: ProviderContext<S>;
  readonly samples?: ProviderSamples<S>;
  /** Loses calls at the service. Without it the suite does not prove that nothing is done twice. */
  readonly faults?: ServiceFaults;
}

/** Facts that a suite needs before it runs. */
export interface ConformanceOptions<Method extends string, Subject> {
  /** The optional methods of the provider. The suite checks the list. */
  methods: readonly Method[];
  /** Makes the provider and everything it needs, once, before the tests. */
  start(): Promise<Subject>;
  /** Texts that are the same in all three languages, such as names. The manifest's title is one. */
  sameInAllLanguages?: readonly string[];
}

/** A call that must fail, and how. */
export interface ExpectedFailure<S extends object> {
  name: string;
  kind: ProviderErrorKind;
  /** The fields of the CRM's callback that the error must contain. */
  fields?: readonly string[];
  /** Makes the call; `context` may be spread with other settings. */
  act(context: ProviderContext<S>): Promise<unknown>;
}

/** Methods that any provider may have or lack. */
const PROVIDER_METHODS = ['check', 'connect', 'disconnect', 'lookUp', 'refresh'] as const;
export type ProviderMethod = (typeof PROVIDER_METHODS)[number];

/** Whether any provider may have the method. */
export function isProviderMethod(name: string): name is ProviderMethod {
  return PROVIDER_METHODS.includes(name as ProviderMethod);
}

/** Lookups that the CRM provides. */
const CRM_LOOKUPS = ['sites', 'stores', 'users', 'paymentTypes', 'statuses', 'deliveryTypes'];
/** Most items of a lookup. */
const MOST_ITEMS = 50;
const LONGEST_ACCOUNT = 200;
/** Shorter secrets may appear in a text by chance. */
const SHORTEST_SECRET = 3;
/** A secret of someone else. */
export const OTHER_SECRET = 'another-secret-altogether';
const OTHERS = 'https://other.example/hooks/crm';
const ODD_TERMS = ['', ' ', "'; DROP TABLE x; --", '%', '\u0000', '<b>', 'я'.repeat(300), '__proto__'];

/**
 * Tests the requirements for every provider of any integration. Each kind's suite calls it within its own
 * `describe`. `has` returns which methods exist. `getSubject` is called when a test runs.
 */
export function testProvider<S extends object>(
  has: (method: ProviderMethod) => boolean,
  getSubject: () => ProviderSubject<S>,
  { sameInAllLanguages = [], unproven }: { sameInAllLanguages?: readonly string[] | undefined; unproven?: Unproven } = {},
): void {
  describe('as any provider', () => {
    const getSamples = (): ProviderSamples<S> => getSubject().samples ?? {};

    it('has the methods it is said to have', () => {
      const { provider } = getSubject();
      expect(PROVIDER_METHODS.filter((method) => provider[method] !== undefined)).toEqual(PROVIDER_METHODS.filter(has));
      // A set-up must have a way to remove it.
      expect(has('disconnect')).toBe(has('connect'));
    });

    it('says who it is, in three languages', () => {
      const { manifest } = getSubject().provider;
      expect(manifest.code).toMatch(/^[a-z][a-z0-9-]{0,49}$/);
      for (const language of CRM_LANGUAGES) expect(manifest.title[language]).toMatch(/\S/);
      for (const logo of [manifest.logo, ...Object.values(manifest.logos ?? {})])
        expect(logo).toMatch(/^\s*(<\?xml[^>]*\?>\s*)?<svg\b[^]*<\/svg>\s*$/);
      const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
      expect(manifest.countries.filter((code) => !/^[A-Z]{2}$/.test(code) || regions.of(code) === undefined)).toEqual([]);
      expect(new Set(manifest.countries).size).toBe(manifest.countries.length);
    });

    it('has classes whose properties all have a type', () => {
      expect(listUntypedProperties()).toEqual([]);
    });

    it('has no text that is the same in all three languages, except names', () => {
      const { manifest } = getSubject().provider;
      const form = buildSettingsForm(manifest.settings);
      const missing = manifest.describeMissing?.(manifest.createDefaultSettings());
      expect(listUntranslated({ manifest, form, missing }, [manifest.title.en, ...sameInAllLanguages])).toEqual([]);
    });

    it('has settings that a form can show and a parser read, with defaults of their own for each account', () => {
      const { provider, context } = getSubject();
      const { settings, createDefaultSettings } = provider.manifest;
      expect(buildSettingsForm(settings).fields.length).toBeGreaterThan(0);
      expect(getParser(settings).parse(structuredClone(context.settings))).toEqual(context.settings);
      const [first, second] = [createDefaultSettings(), createDefaultSettings()];
      expect(first).toEqual(second);
      expect(Object.isFrozen(first) || first !== second).toBe(true);
      // A deployment refuses a module whose defaults its own class refuses, in production too.
      for (const isProduction of [false, true]) {
        const defaults = createDefaultSettings(isProduction);
        expect(getParser(settings).parse(structuredClone(defaults))).toEqual(defaults);
      }
    });

    it('differs by settings only where that may be', () => {
      const { provider, context } = getSubject();
      const { manifest } = provider;
      const differing = manifest.bySettings?.(context.settings) ?? {};
      expect(manifest.bySettings?.(context.settings) ?? {}).toEqual(differing);
      for (const fixed of ['code', 'recovery', 'strategies', 'statuses', 'cancelledStatus', 'settings', 'lookups'])
        expect(differing).not.toHaveProperty(fixed);
    });

    it('has lookups when, and only when, it looks up', () => {
      const { manifest } = getSubject().provider;
      expect((manifest.lookups ?? []).length > 0).toBe(has('lookUp'));
      expect((manifest.lookups ?? []).filter((name) => CRM_LOOKUPS.includes(name))).toEqual([]);
    });

    if (has('check')) describe('check', () => testCheck(getSubject, getSamples));
    if (has('connect')) describe('connect', () => testConnect(getSubject, getSamples, unproven));
    if (has('lookUp')) describe('lookUp', () => testLookUp(getSubject, getSamples));

    if (has('refresh'))
      it('refresh may be repeated at once', async () => {
        const { provider, context } = getSubject();
        await provider.refresh?.(context);
        await provider.refresh?.(context);
      });
  });
}

/**
 * Tests that calls fail as declared: at least wrong credentials and an outage, except for built-in providers.
 */
export function testFailures<S extends object>(
  getSubject: () => ProviderSubject<S> & { readonly failures?: readonly ExpectedFailure<S>[]; readonly isLocal: boolean },
  unproven?: Unproven,
): void {
  it('fails in the port’s words, plainly and without secrets', async () => {
    const subject = getSubject();
    const { failures = [], isLocal, context } = subject;
    if (!isLocal) expect(failures.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['auth', 'unavailable']));
    if (!isLocal && !failures.some(({ fields }) => fields)) unproven?.add('a refusal names its fields', 'fields of one of its failures');
    for (const { name, kind, fields, act } of failures)
      await attempt(`failure "${name}"`, async () => {
        const error = await catchError(() => act(context), subject);
        expect(error.kind).toBe(kind);
        if (fields) expect(Object.keys(error.fields ?? {}).toSorted()).toEqual([...fields].toSorted());
      });
  });
}

function testCheck<S extends object>(getSubject: () => ProviderSubject<S>, getSamples: () => ProviderSamples<S>): void {
  it('says whose the account is, and finds no error in good settings', async () => {
    const { provider, context } = getSubject();
    const report = await provider.check?.(context.settings, context);
    expect(report?.errors ?? {}).toEqual({});
    if (report?.account !== undefined) expect(report.account).toMatch(/^\S[^\n]*$/);
    expect(report?.account?.length ?? 0).toBeLessThanOrEqual(LONGEST_ACCOUNT);
    for (const text of Object.values(report?.warnings ?? {})) expect(text).toMatch(/\S/);
  });

  it('names the fields that the service refuses, without their secrets', async () => {
    const { provider, context } = getSubject();
    const { refused = [] } = getSamples();
    if (refused.length === 0) throw new Error('the samples need settings that the service refuses');
    for (const { name, settings, fields } of refused)
      await attempt(`check of the settings "${name}"`, async () => {
        const problems = await findProblems(provider, settings, { ...context, settings });
        expect(Object.keys(problems).sort()).toEqual([...fields].sort());
        const said = JSON.stringify(problems);
        for (const secret of listSecrets(provider, settings)) expect(said).not.toContain(secret);
      });
  });

  it('tells a service that is away from settings that are wrong', async () => {
    const { provider, context } = getSubject();
    const { whileAway } = getSamples();
    if (!whileAway) throw new Error('the samples need whileAway()');
    const error = await whileAway(() => catchError(() => provider.check?.(context.settings, context), getSubject()));
    expect(['auth', 'invalid', 'rejected']).not.toContain(error.kind);
  });

  it('keeps to a signal that has ended', async () => {
    const { provider, context } = getSubject();
    const gone = { ...context, signal: AbortSignal.abort() };
    expect((await catchError(() => provider.check?.(context.settings, gone), getSubject())).kind).toBe('unavailable');
  });
}

function testConnect<S extends object>(
  getSubject: () => ProviderSubject<S>,
  getSamples: () => ProviderSamples<S>,
  unproven: Unproven | undefined,
): void {
  const getHooks = (): ServiceHooks => {
    const { hooks } = getSamples();
    if (!hooks) throw new Error('the samples need the hooks of the service');
    return hooks;
  };
  /** Returns the connection with the memory from `connect`. */
  const connect = async (context: ProviderContext<S>, replace = false): Promise<ProviderContext<S> & { conflict: readonly object[] }> => {
    const report = await getSubject().provider.connect?.({ replace }, context);
    for (const value of Object.values(report?.memory ?? {})) expect(typeof value).toBe('string');
    expect(JSON.stringify(report?.memory ?? {}).length).toBeLessThanOrEqual(16 * 1024);
    for (const { address } of report?.conflict ?? []) expect(address).toMatch(/^https?:\/\/[^?]*$/);
    return { ...context, memory: report?.memory ?? context.memory, conflict: report?.conflict ?? [] };
  };
  const start = (): ProviderContext<S> => {
    getHooks().clear();
    return { ...getSubject().context, memory: {} };
  };

  it('sets up one address, however often it is asked', async () => {
    const once = await connect(start());
    expect(getHooks().list()).toEqual([once.webhookUrl]);
    const twice = await connect(once);
    expect(getHooks().list()).toEqual([once.webhookUrl]);
    expect(twice.memory).toEqual(once.memory);
  });

  it('sets up a new connection at once, where its default settings work', async () => {
    const { manifest } = getSubject().provider;
    const settings = manifest.createDefaultSettings();
    if (!areWorking(manifest, settings)) return;
    const context = start();
    const { conflict } = await connect({ ...context, settings });
    expect(conflict).toEqual([]);
    expect(getHooks().list()).toEqual([context.webhookUrl]);
  });

  it('takes the events of the webhook that it set up, and of no other', async () => {
    const { provider } = getSubject();
    const { webhook } = provider as { webhook?: Pick<ProviderWebhook<S, { id: string }>, 'verify'> & { unsigned?: boolean } };
    if (!webhook || webhook.unsigned) return;
    const { post } = getHooks();
    if (!post) return unproven?.add('events of the webhook that connect sets up are taken', 'samples.hooks.post');
    const context = { ...(await connect(start())), now: new Date() };
    const request = await post.call(getHooks());
    const settings = replaceSecrets(provider, context.settings, OTHER_SECRET);
    const bare = { ...request, headers: {}, query: new URLSearchParams(), path: '' };
    const others = { ...context, settings, memory: replaceMemory(context.memory) };
    expect(await webhook.verify(request, context)).toBe(true);
    expect(await webhook.verify(request, others)).toBe(false);
    expect(await webhook.verify(bare, context)).toBe(false);
  });

  it('goes on after a crash that lost what it would have remembered', async () => {
    const begun = start();
    await connect(begun);
    const again = await connect(begun);
    expect(getHooks().list()).toEqual([begun.webhookUrl]);
    expect((await connect(again)).memory).toEqual(again.memory);
  });

  it('moves to another origin', async () => {
    const before = await connect(start());
    const url = new URL(before.webhookUrl);
    const webhookUrl = `https://moved.example${url.pathname}`;
    await connect({ ...before, webhookUrl });
    expect(getHooks().list()).toEqual([webhookUrl]);
  });

  it('leaves the place of another program to it, until the account agrees', async () => {
    const context = start();
    getHooks().occupy(OTHERS);
    const first = await connect(context);
    // A service with room for several has no conflict.
    if (first.conflict.length === 0) {
      expect([...getHooks().list()].sort()).toEqual([OTHERS, context.webhookUrl].sort());
      await getSubject().provider.disconnect?.(first);
      expect(getHooks().list()).toEqual([OTHERS]);
      return;
    }
    expect(getHooks().list()).toEqual([OTHERS]);
    expect((await connect(first, true)).conflict).toEqual([]);
    expect(getHooks().list()).toEqual([context.webhookUrl]);
  });

  it('takes its own down, and again is fine', async () => {
    const { provider } = getSubject();
    const context = await connect(start());
    await provider.disconnect?.(context);
    expect(getHooks().list()).toEqual([]);
    await provider.disconnect?.(context);
    // After another set-up it works as before.
    await connect({ ...context, memory: {} });
    expect(getHooks().list()).toEqual([context.webhookUrl]);
  });

  it('keeps to a signal that has ended', async () => {
    const context = start();
    const error = await catchError(() => connect({ ...context, signal: AbortSignal.abort() }), getSubject());
    expect(error.kind).toBe('unavailable');
    expect(getHooks().list()).toEqual([]);
  });
}

function testLookUp<S extends object>(getSubject: () => ProviderSubject<S>, getSamples: () => ProviderSamples<S>): void {
  it('finds what is searched, at most so many', async () => {
    const { provider, context } = getSubject();
    const { lookups = {} } = getSamples();
    expect(Object.keys(lookups).sort()).toEqual([...(provider.manifest.lookups ?? [])].sort());
    for (const [name, { term, value }] of Object.entries(lookups))
      await attempt(`lookUp("${name}", "${term}")`, async () => {
        for (const one of [term, term.toUpperCase(), ''])
          for (const item of (await provider.lookUp?.(name, one, context)) ?? []) {
            expect(item.label).toMatch(/\S/);
            expect(typeof item.value).toBe(typeof value);
          }
        const found = (await provider.lookUp?.(name, term, context)) ?? [];
        expect(found.map((item) => item.value)).toContain(value);
        expect(found.length).toBeLessThanOrEqual(MOST_ITEMS);
        expect(await provider.lookUp?.(name, 'zzz nothing has this name', context)).toEqual([]);
      });
  });

  it('takes any term, and keeps to a signal that has ended', async () => {
    const { provider, context } = getSubject();
    for (const name of provider.manifest.lookups ?? []) {
      for (const term of ODD_TERMS)
        await attempt(`lookUp("${name}", ${JSON.stringify(term)})`, async () => {
          const found = await orError(() => provider.lookUp?.(name, term, context), getSubject());
          if (!(found instanceof ProviderError)) expect(found?.length).toBeLessThanOrEqual(MOST_ITEMS);
        });
    }
  });
}

/** Returns the problems of `check` by path, both returned and thrown ones. */
async function findProblems<S extends object>(
  provider: Provider<S>,
  settings: S,
  context: ProviderContext<S>,
): Promise<Readonly<Record<string, string>>> {
  try {
    return (await provider.check?.(settings, context))?.errors ?? {};
  } catch (error) {
    const refusal = checkProviderError(error, provider, settings);
    expect(['auth', 'invalid', 'rejected']).toContain(refusal.kind);
    return sayFields(refusal, context.account.language) ?? { '': sayError(refusal, context.account.language) };
  }
}

/**
 * Tests that each effect happens once, even if its reply is lost. Not proved without `faults`. Our built-in
 * services (`isLocal`) have no reply to lose.
 */
export function testEffects<S extends object>(
  effects: readonly Effect<S>[],
  getSubject: () => ProviderSubject<S> & { settle?(): Promise<void> },
  { isLocal, unproven }: { isLocal(): boolean; unproven: Unproven },
): void {
  describe('nothing is done twice, however a reply is lost', () => {
    beforeAll(() => {
      const { faults, provider } = getSubject();
      if (!isLocal() && faults === undefined) unproven.add('nothing is done twice when a reply is lost', 'faults');
      const { recovery } = provider.manifest as { recovery?: Recovery };
      if (faults && !faults.keys && recovery?.kind === 'idempotency-key') unproven.add('a repeat has the key of its call', 'faults.keys');
    });

    it('keeps away from a service that is busy', async () => {
      const subject = getSubject();
      const { faults, context, provider } = subject;
      const effect = effects.find((one) => !one.isAbsent?.() && !one.mayBeLocal);
      if (!faults || !effect) return;
      if (!faults.busy) return unproven.add('a busy service is left alone', 'faults.busy');
      const checkError = (error: unknown): ProviderError => checkProviderError(error, provider, context.settings);
      expect(await playBusy(effect, { faults, context, checkError })).toEqual([]);
    });

    it.each(effects.map((effect) => [effect.name, effect] as const))('%s', async (_name, effect) => {
      const subject = getSubject();
      const { faults, context, provider } = subject;
      if (faults === undefined || effect.isAbsent?.()) return;
      const checkError = (error: unknown): ProviderError => checkProviderError(error, provider, context.settings);
      const settle = async (): Promise<void> => subject.settle?.();
      expect(await playLosses(effect, { faults, context, checkError, settle })).toEqual([]);
    });
  });
}

/** Runs a part of a test. Its failure begins with `what`. */
export async function attempt<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error) error.message = `${what}: ${error.message}`;
    throw error;
  }
}

/** Returns the result of a call, or its ProviderError. Throws any other error. */
export async function orError<T, S extends object>(
  call: () => T | Promise<T>,
  { provider, context }: ProviderSubject<S>,
): Promise<T | ProviderError> {
  const [result] = await Promise.allSettled([Promise.resolve().then(call)]);
  return result?.status === 'fulfilled' ? result.value : checkProviderError(result?.reason, provider, context.settings);
}

/** Returns the ProviderError that a call must fail with. Throws when it succeeds or fails with another. */
export async function catchError<S extends object>(
  call: () => Promise<unknown> | undefined,
  { provider, context }: ProviderSubject<S>,
): Promise<ProviderError> {
  const [result] = await Promise.allSettled([Promise.resolve().then(call)]);
  if (result?.status !== 'rejected') throw new Error('it should have failed');
  return checkProviderError(result.reason, provider, context.settings);
}

/**
 * Returns an error that is a ProviderError whose text can be shown: one line, in words, without technical
 * terms and without the secrets of the settings. Throws for any other.
 */
export function checkProviderError<S extends object>(error: unknown, provider: Provider<S>, settings: S): ProviderError {
  if (!(error instanceof ProviderError)) throw new Error(`not a ProviderError: ${String(error)}`, { cause: error });
  const kinds = Object.keys(PROVIDER_ERROR_STATUS) as ProviderErrorKind[];
  expect(kinds).toContain(error.kind);
  expect(error.message).toMatch(/^\S[^\n]{3,299}$/);
  expect(error.message).not.toMatch(/undefined|null|NaN|\[object|Error:|<\w+|https?:\/\/|\bat \S+:\d+/);
  const said = [error.message, error.localText, error.fields].map((part) => JSON.stringify(part) ?? '').join(' ');
  for (const secret of listSecrets(provider, settings)) expect(said).not.toContain(secret);
  return error;
}

/** Returns the secrets of settings that their masked form hides, including secrets in lists and groups. */
function listSecrets<S extends object>(provider: Provider<S>, settings: S): string[] {
  const found: string[] = [];
  visitSecrets(settings, maskSecrets(provider.manifest.settings, settings), (_holder, _name, value) => {
    if (value.length > SHORTEST_SECRET) found.push(value);
  });
  return found;
}

/** Copies settings with this secret in the place of each. */
export function replaceSecrets<S extends object>(provider: Provider<S>, settings: S, secret: string): S {
  const copy = structuredClone(settings);
  visitSecrets(copy, maskSecrets(provider.manifest.settings, settings), (holder, name) => {
    holder[name] = secret;
  });
  return copy;
}

/** Copies settings without the secrets that they may lack. All others are empty. */
export function removeSecrets<S extends object>(provider: Provider<S>, settings: S): S {
  const copy = structuredClone(settings);
  const parse = (): S => getParser(provider.manifest.settings).parse(structuredClone(copy));
  visitSecrets(copy, maskSecrets(provider.manifest.settings, settings), (holder, name, value) => {
    delete holder[name];
    try {
      parse();
    } catch {
      holder[name] = value;
    }
  });
  return replaceSecrets(provider, parse(), '');
}

/** Copies a connection's memory with another text in place of each, because any may be a secret. */
export function replaceMemory(memory: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(memory).map((name) => [name, OTHER_SECRET]));
}

function visitSecrets(
  values: unknown,
  masked: unknown,
  visit: (holder: Record<string, unknown>, name: string, value: string) => void,
): void {
  if (!isMap(values) || !isMap(masked)) return;
  for (const [name, value] of Object.entries(values))
    if (typeof value !== 'string') visitSecrets(value, masked[name], visit);
    else if (isMap(masked[name])) visit(values, name, value);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
