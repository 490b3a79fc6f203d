import { chat } from '#chat';
import { delivery } from '#delivery';
import type { Integration, BuiltInProvider } from '#integration-kit';
import { payment } from '#payment';
import type { Schema, SettingsClass } from '#platform';
import type { Provider, ProviderManifest } from '#provider-kit';
import { ApishipEnvironment, ApishipProvider } from '#providers/apiship';
import { AsteriskEnvironment, AsteriskProvider } from '#providers/asterisk';
import { CdekEnvironment, CdekProvider } from '#providers/cdek';
import { MaxEnvironment, MaxProvider } from '#providers/max';
import { makeMercadoPagoApplication, MercadoPagoEnvironment, MercadoPagoProvider } from '#providers/mercadopago';
import { MoyskladEnvironment, MoyskladProvider } from '#providers/moysklad';
import { StripeEnvironment, StripeProvider } from '#providers/stripe';
import { TelegramEnvironment, TelegramProvider } from '#providers/telegram';
import { WhatsAppEnvironment, WhatsAppProvider } from '#providers/whatsapp';
import { makeYookassaApplication, YookassaEnvironment, YookassaProvider } from '#providers/yookassa';
import { ZadarmaEnvironment, ZadarmaProvider } from '#providers/zadarma';
import { recommendation } from '#recommendation';
import { CopurchaseModule, CopurchaseProvider, copurchaseManifest, copurchaseSchema } from '#built-in/copurchase';
import { CourierModule, courierManifest, CourierProvider, courierSchema } from '#built-in/courier';
import { LedgerModule, ledgerManifest, LedgerProvider, ledgerSchema } from '#built-in/ledger';
import { TestpayModule, testpayManifest, TestpayProvider, testpaySchema } from '#built-in/testpay';
import { WebvisitsModule, webvisitsManifest, WebvisitsProvider, webvisitsSchema } from '#built-in/webvisits';
import { inventory } from '#inventory';
import { telephony } from '#telephony';

/** A built-in provider: a Nest module that exports its provider's class, with its manifest and tables. */
export interface BuiltInEntry<Provider> extends BuiltInProvider<Provider> {
  readonly manifest: ProviderManifest<object>;
  readonly schema: Schema;
  /** Class of the operator's settings that the module injects. Checked at start with all others. */
  readonly environment?: SettingsClass;
}

/** An adapter that is created with the operator's settings, from a class in its own folder. */
export class ConfiguredAdapter<Port = Provider> {
  protected constructor(
    readonly environment: SettingsClass,
    readonly create: (environment: object) => Port,
    /** Code of its manifest, if it is known before the adapter is created. */
    readonly code?: string,
  ) {}

  static of<Settings extends object, Port>(
    code: string,
    environment: SettingsClass<Settings>,
    create: (environment: Settings) => Port,
  ): ConfiguredAdapter<Port> {
    return new ConfiguredAdapter(environment, create as (environment: object) => Port, code);
  }
}

/** An adapter from outside the repository. */
export class OutsideAdapter extends ConfiguredAdapter {
  /** `names`: path or package of the adapter, as spelled in `modules.json`. */
  constructor(
    readonly names: readonly string[],
    environment: SettingsClass,
    create: (environment: object) => Provider,
  ) {
    super(environment, create);
  }
}

/** An integration with its providers. */
export interface Hosting<Port extends Provider = Provider> {
  readonly integration: Integration<Port>;
  /** Adapters to outside services. */
  readonly adapters: readonly (Port | ConfiguredAdapter<Port>)[];
  readonly services: readonly BuiltInEntry<Port>[];
}

/** All providers that a deployment can host: the one explicit list, read by api and worker. */
export type Catalogue = readonly Hosting[];

/** Combines an integration with providers that implement its port. */
export function host<Port extends Provider>(
  integration: Integration<Port>,
  { adapters = [], services = [] }: Partial<Pick<Hosting<NoInfer<Port>>, 'adapters' | 'services'>>,
): Hosting {
  return { integration, adapters, services } as Hosting;
}

/** Returns the codes of the providers that a catalogue lists on their own. */
export function listCodes(catalogue: Catalogue): string[] {
  return catalogue.flatMap(({ adapters, services }) =>
    [...adapters, ...services].flatMap((entry) => (entry instanceof ConfiguredAdapter ? (entry.code ?? []) : entry.manifest.code)),
  );
}

/** The providers that come with Crossdock. `new:provider` adds a line above the comment of its kind. */
export const builtIn: Catalogue = [
  host(delivery, {
    adapters: [
      ConfiguredAdapter.of('cdek', CdekEnvironment, ({ CDEK_URL }) => new CdekProvider(CDEK_URL)),
      ConfiguredAdapter.of(
        'apiship',
        ApishipEnvironment,
        ({ APISHIP_URL, APISHIP_PLATFORM }) => new ApishipProvider(APISHIP_URL, APISHIP_PLATFORM),
      ),
      // adapters: delivery
    ],
    services: [{ module: CourierModule, provider: CourierProvider, manifest: courierManifest, schema: courierSchema }],
  }),
  host(payment, {
    adapters: [
      ConfiguredAdapter.of('stripe', StripeEnvironment, ({ STRIPE_URL }) => new StripeProvider(STRIPE_URL)),
      ConfiguredAdapter.of(
        'yookassa',
        YookassaEnvironment,
        (environment) => new YookassaProvider(environment.YOOKASSA_URL, makeYookassaApplication(environment)),
      ),
      ConfiguredAdapter.of(
        'mercadopago',
        MercadoPagoEnvironment,
        (environment) => new MercadoPagoProvider(environment.MERCADOPAGO_URL, makeMercadoPagoApplication(environment)),
      ),
      // adapters: payment
    ],
    services: [{ module: TestpayModule, provider: TestpayProvider, manifest: testpayManifest, schema: testpaySchema }],
  }),
  host(telephony, {
    adapters: [
      ConfiguredAdapter.of('asterisk', AsteriskEnvironment, ({ RECORDINGS_ROOT }) => new AsteriskProvider(RECORDINGS_ROOT)),
      ConfiguredAdapter.of('zadarma', ZadarmaEnvironment, ({ ZADARMA_URL }) => new ZadarmaProvider(ZADARMA_URL)),
      // adapters: telephony
    ],
  }),
  host(recommendation, {
    adapters: [
      // adapters: recommendation
    ],
    services: [{ module: CopurchaseModule, provider: CopurchaseProvider, manifest: copurchaseManifest, schema: copurchaseSchema }],
  }),
  host(chat, {
    adapters: [
      ConfiguredAdapter.of('telegram', TelegramEnvironment, ({ TELEGRAM_URL }) => new TelegramProvider(TELEGRAM_URL)),
      ConfiguredAdapter.of('max', MaxEnvironment, ({ MAX_URL, MAX_CA_FILE }) => new MaxProvider(MAX_URL, MAX_CA_FILE)),
      ConfiguredAdapter.of('whatsapp', WhatsAppEnvironment, (operator) => new WhatsAppProvider(operator)),
      // adapters: chat
    ],
    services: [{ module: WebvisitsModule, provider: WebvisitsProvider, manifest: webvisitsManifest, schema: webvisitsSchema }],
  }),
  host(inventory, {
    adapters: [
      ConfiguredAdapter.of('moysklad', MoyskladEnvironment, ({ MOYSKLAD_URL }) => new MoyskladProvider(MOYSKLAD_URL)),
      // adapters: store
    ],
    services: [{ module: LedgerModule, provider: LedgerProvider, manifest: ledgerManifest, schema: ledgerSchema }],
  }),
];
