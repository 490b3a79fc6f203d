import { expect, it } from '@jest/globals';
import { type ProviderContext, ProviderError, type ProviderWebhook, type WebhookRequest } from '#provider-kit';
import type { Unproven } from './lost-calls.js';
import {
  attempt,
  orError,
  OTHER_SECRET,
  type ProviderSubject,
  removeSecrets,
  replaceMemory,
  replaceSecrets,
} from './provider-conformance.js';

/** A genuine webhook of the service under test. */
export interface WebhookSample {
  /** As it arrives. */
  request: WebhookRequest;
  /** Are its bytes signed? */
  signed: boolean;
  /** Is its time signed too? */
  dated: boolean;
  /** Whether a secret of the settings or of the memory of `connect` proves it. By default like `signed`. */
  secret?: boolean;
}

/** The members that webhooks of any kind have. */
type Webhook<S extends object> = Pick<ProviderWebhook<S, { id: string }>, 'verify' | 'parse'>;

/** Longer than any service repeats an event. */
const LONG_MS = 30 * 86_400_000;
const GARBAGE = ['', 'no json', '{}', '[]', 'null', '{"events":[{}]}', '\u0000'];

/** Tests the common requirements for webhooks of all kinds. Call it within a `describe`. */
export function testWebhook<S extends object>(
  getSubject: () => ProviderSubject<S>,
  getWebhook: () => Webhook<S>,
  makeSample: () => Promise<WebhookSample>,
  unproven: Unproven,
): void {
  it('takes a genuine one and reads its events, the same each time', async () => {
    const { request } = await makeSample();
    const { context } = getSubject();
    expect(await getWebhook().verify(request, context)).toBe(true);
    const events = getWebhook().parse(request, context);
    expect(events.length).toBeGreaterThan(0);
    for (const { id } of events) {
      expect(id).toMatch(/\S/);
      expect(id.length).toBeLessThanOrEqual(500);
    }
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(getWebhook().parse({ ...request, rawBody: Uint8Array.from(request.rawBody) }, context)).toEqual(events);
  });

  it('refuses one that is changed, unsigned, signed by another or old, as far as it is signed', async () => {
    const { request, signed, dated, secret = signed } = await makeSample();
    const { provider, context, samples = {} } = getSubject();
    const isTaken = async (changes: Partial<WebhookRequest>, given: ProviderContext<S> = context): Promise<boolean> =>
      getWebhook().verify({ ...request, ...changes }, given);
    const taken: string[] = [];
    const refuse = async (what: string, changes: Partial<WebhookRequest>, given?: ProviderContext<S>): Promise<void> => {
      if (await isTaken(changes, given)) taken.push(what);
    };
    if (secret) {
      const isOwn = (settings: S, memory: object): boolean =>
        JSON.stringify([settings, memory]) === JSON.stringify([context.settings, context.memory]);
      const settings = replaceSecrets(provider, context.settings, OTHER_SECRET);
      const memory = replaceMemory(context.memory);
      // Our own services may sign with a key that neither names.
      if (!isOwn(settings, memory))
        await refuse('with other secrets in the settings and in what was remembered', {}, { ...context, settings, memory });
      const bare = { headers: {}, query: new URLSearchParams(), path: '' };
      await refuse('without what proves it', bare);
      // As they are before the account has entered any: everyone knows an empty secret.
      for (const settings of [replaceSecrets(provider, context.settings, ''), removeSecrets(provider, context.settings)]) {
        const empty = { ...context, settings, memory: {} };
        if (isOwn(settings, {})) continue;
        await refuse('with no secrets at all', {}, empty);
        await refuse('without what proves it, and with no secrets', bare, empty);
        if (samples.signWith)
          await refuse('signed with an empty secret', samples.signWith(request, ''), { ...empty, memory: context.memory });
        else unproven.add('nothing that an empty secret signed is taken', 'samples.signWith');
      }
    }
    for (const foreign of samples.listForeign?.(request) ?? []) await refuse('of another account', foreign);
    if (signed) {
      const changed = Uint8Array.from(request.rawBody);
      if (changed.length > 0) {
        changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
        await refuse('with another last byte', { rawBody: changed });
        await refuse('with a byte more', { rawBody: Buffer.concat([request.rawBody, Buffer.from(' ')]) });
        await refuse('without its body', { rawBody: new Uint8Array() });
      }
      const blank = Object.fromEntries(Object.keys(request.headers).map((header) => [header, '']));
      for (const headers of [{}, blank]) await refuse('without its signature', { headers, query: new URLSearchParams() });
    }
    if (dated)
      for (const ms of [-LONG_MS, LONG_MS])
        await refuse('of a month ago or to come', {}, { ...context, now: new Date(context.now.getTime() + ms) });
    expect(taken).toEqual([]);
  });

  it('says that it cannot read one that is no such thing', async () => {
    const { request } = await makeSample();
    const { context } = getSubject();
    for (const body of GARBAGE)
      await attempt(`parse of ${JSON.stringify(body)}`, async () => {
        const garbage = { ...request, rawBody: Buffer.from(body), query: new URLSearchParams() };
        const events = await orError(() => getWebhook().parse(garbage, context), getSubject());
        if (events instanceof ProviderError) expect(events.kind).toBe('invalid');
        else expect(events).toEqual([]);
      });
  });
}
