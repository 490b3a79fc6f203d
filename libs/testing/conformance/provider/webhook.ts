import { expect, it } from '@jest/globals';
import { type ProviderContext, ProviderError, type ProviderWebhook, type WebhookRequest } from '#provider-kit';
import type { Unproven } from '../lost-calls.js';
import { attempt, orError } from './errors.js';
import { OTHER_SECRET, removeSecrets, replaceMemory, replaceSecrets } from './secrets.js';
import type { ProviderSubject } from './subject.js';

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
  it('accepts a genuine webhook and reads the same events each time', async () => {
    const { request } = await makeSample();
    const { context } = getSubject();
    expect({ genuine: await getWebhook().verify(request, context) }).toEqual({ genuine: true });
    const events = getWebhook().parse(request, context);
    expect(events.length).toBeGreaterThan(0);
    for (const { id } of events) {
      expect(id).toMatch(/\S/);
      expect(id.length).toBeLessThanOrEqual(500);
    }
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(getWebhook().parse({ ...request, rawBody: Uint8Array.from(request.rawBody) }, context)).toEqual(events);
  });

  it('rejects a webhook that is changed, unsigned, old, of another account or signed by someone else', async () => {
    const sample = await makeSample();
    const { context } = getSubject();
    const taken: string[] = [];
    for (const { what, changes = {}, given = context } of listForgeries(sample, getSubject(), unproven))
      if (await getWebhook().verify({ ...sample.request, ...changes }, given)) taken.push(what);
    expect(taken).toEqual([]);
  });

  it('a body without events returns none or fails with invalid', async () => {
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

/** A change of a genuine webhook, or of its connection, which `verify` must notice. */
interface Forgery<S extends object> {
  what: string;
  changes?: Partial<WebhookRequest>;
  given?: ProviderContext<S>;
}

/** Lists the forgeries that the service's proof excludes. */
function listForgeries<S extends object>(sample: WebhookSample, subject: ProviderSubject<S>, unproven: Unproven): Forgery<S>[] {
  const { request, signed, dated, secret = signed } = sample;
  const { context, samples = {} } = subject;
  return [
    ...(secret ? listOtherSecrets(request, subject, unproven) : []),
    ...(samples.listForeign?.(request) ?? []).map((changes) => ({ what: 'of another account', changes })),
    ...(signed ? listChangedRequests(request) : []),
    ...(dated ? [-LONG_MS, LONG_MS] : []).map((ms) => ({
      what: 'of a month ago or to come',
      given: { ...context, now: new Date(context.now.getTime() + ms) },
    })),
  ];
}

/** Lists forgeries by someone who does not have the account's secrets. */
function listOtherSecrets<S extends object>(request: WebhookRequest, subject: ProviderSubject<S>, unproven: Unproven): Forgery<S>[] {
  const { provider, context, samples = {} } = subject;
  const isOwn = (settings: S, memory: object): boolean =>
    JSON.stringify([settings, memory]) === JSON.stringify([context.settings, context.memory]);
  const settings = replaceSecrets(provider, context.settings, OTHER_SECRET);
  const memory = replaceMemory(context.memory);
  const bare = { headers: {}, query: new URLSearchParams(), path: '' };
  const forgeries: Forgery<S>[] = [{ what: 'without what proves it', changes: bare }];
  // Our own services may sign with a key that neither names.
  if (!isOwn(settings, memory))
    forgeries.push({ what: 'with other secrets in the settings and the memory', given: { ...context, settings, memory } });
  // As they are before the account has entered any: everyone knows an empty secret.
  for (const without of [replaceSecrets(provider, context.settings, ''), removeSecrets(provider, context.settings)]) {
    const empty = { ...context, settings: without, memory: {} };
    if (isOwn(without, {})) continue;
    forgeries.push({ what: 'with no secrets at all', given: empty });
    forgeries.push({ what: 'without what proves it, and with no secrets', changes: bare, given: empty });
    if (samples.signWith) {
      const given = { ...empty, memory: context.memory };
      forgeries.push({ what: 'signed with an empty secret', changes: samples.signWith(request, ''), given });
    } else unproven.add('a webhook signed with an empty secret is rejected', 'samples.signWith');
  }
  return forgeries;
}

/** Lists forgeries with another body or signature. */
function listChangedRequests({ rawBody, headers }: WebhookRequest): { what: string; changes: Partial<WebhookRequest> }[] {
  const forgeries: { what: string; changes: Partial<WebhookRequest> }[] = [];
  if (rawBody.length > 0) {
    const changed = Uint8Array.from(rawBody);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    forgeries.push({ what: 'with another last byte', changes: { rawBody: changed } });
    forgeries.push({ what: 'with a byte more', changes: { rawBody: Buffer.concat([rawBody, Buffer.from(' ')]) } });
    forgeries.push({ what: 'without its body', changes: { rawBody: new Uint8Array() } });
  }
  const blank = Object.fromEntries(Object.keys(headers).map((header) => [header, '']));
  for (const given of [{}, blank])
    forgeries.push({ what: 'without its signature', changes: { headers: given, query: new URLSearchParams() } });
  return forgeries;
}
