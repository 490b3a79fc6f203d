import { expect, it } from '@jest/globals';
import type { ProviderContext, ProviderWebhook, WebhookRequest } from '#provider-kit';
import { checkProviderError, type ProviderSubject, replaceSecrets } from './provider-conformance.js';

/** A genuine webhook of the service under test. */
export interface WebhookSample {
  /** As it arrives. */
  request: WebhookRequest;
  /** Are its bytes signed? */
  signed: boolean;
  /** Is its time signed too? */
  dated: boolean;
}

/** What a webhook of any kind has. */
type Webhook<S extends object> = Pick<ProviderWebhook<S, { id: string }>, 'verify' | 'parse'>;

const LONG_MS = 2 * 86_400_000;
const GARBAGE = ['', 'no json', '{}', '[]', 'null', '{"events":[{}]}', '\u0000'];

/** Tests what is the same for the webhooks of all kinds; call it within a `describe`. */
export function testWebhook<S extends object>(
  getSubject: () => ProviderSubject<S>,
  getWebhook: () => Webhook<S>,
  makeSample: () => Promise<WebhookSample>,
): void {
  it('takes a genuine one and reads its events, the same each time', async () => {
    const { request } = await makeSample();
    const { context } = getSubject();
    expect(getWebhook().verify(request, context)).toBe(true);
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
    const { request, signed, dated } = await makeSample();
    const { provider, context } = getSubject();
    const verify = (changes: Partial<WebhookRequest>, given: ProviderContext<S> = context): boolean =>
      getWebhook().verify({ ...request, ...changes }, given);
    if (!signed) return;
    const changed = Uint8Array.from(request.rawBody);
    if (changed.length > 0) {
      changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
      expect(verify({ rawBody: changed })).toBe(false);
      expect(verify({ rawBody: new Uint8Array() })).toBe(false);
    }
    const blank = Object.fromEntries(Object.keys(request.headers).map((header) => [header, '']));
    for (const headers of [{}, blank]) expect(verify({ headers, query: new URLSearchParams() })).toBe(false);
    const others = replaceSecrets(provider, context.settings);
    // Our own services may sign with a key that no setting names.
    if (JSON.stringify(others) !== JSON.stringify(context.settings)) expect(verify({}, { ...context, settings: others })).toBe(false);
    if (dated)
      for (const ms of [-LONG_MS, LONG_MS]) expect(verify({}, { ...context, now: new Date(context.now.getTime() + ms) })).toBe(false);
  });

  it('says that it cannot read one that is no such thing', async () => {
    const { request } = await makeSample();
    const { provider, context } = getSubject();
    for (const body of GARBAGE)
      try {
        expect(getWebhook().parse({ ...request, rawBody: Buffer.from(body), query: new URLSearchParams() }, context)).toEqual([]);
      } catch (error) {
        expect(checkProviderError(error, provider, context.settings).kind).toBe('invalid');
      }
  });
}
