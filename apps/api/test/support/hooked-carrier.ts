import type { DeliveryManifest } from '#delivery/port';
import {
  type CheckReport,
  type ConnectReport,
  type ConnectRequest,
  isAuth,
  isRefusal,
  keyInHeader,
  list,
  maybe,
  nothing,
  type ProviderContext,
  ProviderError,
  Service,
  shape,
  text,
} from '#provider-kit';
import { FakeCarrierProvider, type FakeCarrierSettings } from '#testing';

type Context = ProviderContext<FakeCarrierSettings>;

const service = new Service<Context>({
  name: 'Hook Service',
  url: ({ settings }) => settings.baseUrl,
  isAccountAddress: true,
  auth: keyInHeader('x-api-key', ({ settings }) => settings.apiKey),
  http: { readRetries: 0 },
});
const hook = shape({ id: text, url: text, secret: maybe(text) });
const readAccount = service.read('/account', shape({ name: text }));
const readHooks = service.read('/hooks', shape({ hooks: list(hook) }));
const createHook = service.act('POST /hooks', hook);
const changeHook = service.act('PUT /hooks/:id', nothing);
const deleteHook = service.act('DELETE /hooks/:id', nothing);

/** The fake carrier's adapter, with an account and a webhook at a `HookService`. */
export class HookedCarrier extends FakeCarrierProvider {
  override readonly manifest: DeliveryManifest<FakeCarrierSettings> = {
    ...{ ...new FakeCarrierProvider().manifest, code: 'hooked-carrier' },
    // As with most services, its defaults have no credentials, so nothing works before the first save.
    createDefaultSettings: () => ({ ...new FakeCarrierProvider().manifest.createDefaultSettings(), apiKey: '' }),
  };

  async check(_settings: FakeCarrierSettings, context: Context): Promise<CheckReport> {
    if (context.settings.webhookSecret.startsWith('shut'))
      return { errors: { '': 'The shop is shut.', apiKey: 'is of a shop that is shut' } };
    try {
      const { name } = await readAccount(context);
      return { account: name, ...(context.settings.webhookSecret.startsWith('weak') && { warnings: { webhookSecret: 'is weak' } }) };
    } catch (error) {
      if (!isAuth(error)) throw error;
      throw new ProviderError('auth', error.message, { fields: { apiKey: 'is not accepted' } });
    }
  }

  async connect({ replace }: ConnectRequest, context: Context): Promise<ConnectReport> {
    const { webhookUrl, memory } = context;
    const { hooks } = await readHooks(context);
    const others = hooks.filter(({ url }) => !isOurs(url, webhookUrl));
    const address = others[0]?.url.replace(/\?.*/, '');
    if (address !== undefined && !replace) return { conflict: [{ about: 'Shop of Anna', address }] };
    const known = hooks.find(({ id }) => id === memory.id);
    for (const one of hooks) if (one !== known) await deleteHook(context, { id: one.id });
    if (known) {
      if (known.url !== webhookUrl) await changeHook(context, { id: known.id, json: { url: webhookUrl } });
      return {};
    }
    const made = await createHook(context, { json: { url: webhookUrl } }).catch((error: unknown) => {
      if (!isRefusal(error) || error.status !== 422) throw error;
    });
    if (!made) {
      const where = { en: 'At "Webhooks"', es: 'En "Webhooks"', ru: 'В разделе «Вебхуки»' };
      return { manual: [{ address: webhookUrl, events: ['order.changed'], text: where }] };
    }
    const { id, secret = '' } = made;
    // Longer than a connection may remember.
    const padding = context.settings.webhookSecret.startsWith('huge') ? 'x'.repeat(16 * 1024) : '';
    return { memory: { id, secret: secret + padding } };
  }

  async disconnect(context: Context): Promise<void> {
    for (const { id, url } of (await readHooks(context)).hooks) if (isOurs(url, context.webhookUrl)) await deleteHook(context, { id });
  }
}

/** The same connection, perhaps at the address of an earlier deployment. */
function isOurs(url: string, webhookUrl: string): boolean {
  return new URL(url).pathname === new URL(webhookUrl).pathname;
}
