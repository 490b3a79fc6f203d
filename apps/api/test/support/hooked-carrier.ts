import type { DeliveryManifest } from '#delivery/port';
import { type CheckReport, type ConnectReport, type ConnectRequest, HttpClient, type HttpReply, ProviderError } from '#provider-kit';
import type { ProviderContext } from '#provider-kit';
import { FakeCarrierProvider, type FakeCarrierSettings } from '#testing';

type Context = ProviderContext<FakeCarrierSettings>;

interface Hook {
  id: string;
  url: string;
  secret?: string;
}

/** The fake carrier's adapter, with an account and a webhook at a `HookService`. */
export class HookedCarrier extends FakeCarrierProvider {
  override readonly manifest: DeliveryManifest<FakeCarrierSettings> = {
    ...{ ...new FakeCarrierProvider().manifest, code: 'hooked-carrier' },
    // As with most services, its defaults have no credentials, so nothing works before the first save.
    createDefaultSettings: () => ({ ...new FakeCarrierProvider().manifest.createDefaultSettings(), apiKey: '' }),
  };
  private readonly http = new HttpClient({ name: 'Hook Service', readRetries: 0 });

  async check(_settings: FakeCarrierSettings, context: Context): Promise<CheckReport> {
    if (context.settings.webhookSecret.startsWith('shut'))
      return { errors: { '': 'The shop is shut.', apiKey: 'is of a shop that is shut' } };
    try {
      const { name } = (await this.send('GET', '/account', context)).json((value) => value as { name: string });
      return { account: name, ...(context.settings.webhookSecret.startsWith('weak') && { warnings: { webhookSecret: 'is weak' } }) };
    } catch (error) {
      if (!(error instanceof ProviderError) || error.kind !== 'auth') throw error;
      throw new ProviderError('auth', error.message, { fields: { apiKey: 'is not accepted' } });
    }
  }

  async connect({ replace }: ConnectRequest, context: Context): Promise<ConnectReport> {
    const { webhookUrl, memory } = context;
    const hooks = await this.list(context);
    const others = hooks.filter(({ url }) => !isOurs(url, webhookUrl));
    const address = others[0]?.url.replace(/\?.*/, '');
    if (address !== undefined && !replace) return { conflict: [{ about: 'Shop of Anna', address }] };
    const known = hooks.find(({ id }) => id === memory.id);
    for (const hook of hooks) if (hook !== known) await this.send('DELETE', `/hooks/${hook.id}`, context);
    if (known) {
      if (known.url !== webhookUrl) await this.send('PUT', `/hooks/${known.id}`, context, { url: webhookUrl });
      return {};
    }
    const reply = await this.send('POST', '/hooks', context, { url: webhookUrl });
    if (reply.status === 422) {
      const text = { en: 'At "Webhooks"', es: 'En "Webhooks"', ru: 'В разделе «Вебхуки»' };
      return { manual: [{ address: webhookUrl, events: ['order.changed'], text }] };
    }
    const { id, secret = '' } = reply.json((value) => value as Hook);
    // Longer than a connection may remember.
    const padding = context.settings.webhookSecret.startsWith('huge') ? 'x'.repeat(16 * 1024) : '';
    return { memory: { id, secret: secret + padding } };
  }

  async disconnect(context: Context): Promise<void> {
    for (const { id, url } of await this.list(context))
      if (isOurs(url, context.webhookUrl)) await this.send('DELETE', `/hooks/${id}`, context);
  }

  private async list(context: Context): Promise<Hook[]> {
    return (await this.send('GET', '/hooks', context)).json((value) => value as { hooks: Hook[] }).hooks;
  }

  private send(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, context: Context, json?: object): Promise<HttpReply> {
    const { settings, reach, signal } = context;
    const headers = { 'x-api-key': settings.apiKey };
    return this.http.send({
      ...{ method, headers, reach, signal, url: settings.baseUrl + path, effect: method !== 'GET' },
      ...(json && { json }),
    });
  }
}

/** The same connection, perhaps at the address of an earlier deployment. */
function isOurs(url: string, webhookUrl: string): boolean {
  return new URL(url).pathname === new URL(webhookUrl).pathname;
}
