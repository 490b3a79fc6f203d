import type { ChatManifest, ChatProvider } from '#chat/port';
import { isCountryCode } from '#crm-client';
import type { DeliveryProvider } from '#delivery/port';
import { PAYMENT_STATUSES, type PaymentProvider } from '#payment/port';
import { BadInputError, buildSettingsForm, type DtoClass, errorText, getParser, isAddress, CRM_LANGUAGES, readVersion } from '#platform';
import {
  CRM_LOOKUPS,
  PORT_VERSION,
  type Provider,
  type ProviderKind,
  type ProviderManifest,
  type StepSign,
  STRATEGIES,
} from '#provider-kit';
import type { RecommendationProvider } from '#recommendation/port';
import type { StoreProvider } from '#inventory/port';
import type { TelephonyProvider } from '#telephony/port';

/** Type of a value, as far as it can be checked at runtime. */
type Shape<Value> = Value extends (...values: never[]) => unknown
  ? 'function'
  : Value extends readonly unknown[]
    ? 'list'
    : Value extends string
      ? 'text'
      : Value extends number
        ? 'number'
        : Value extends boolean
          ? 'boolean'
          : 'object';

/** The members that a type requires. */
type Required<Type> = { readonly [Name in keyof Type as object extends Pick<Type, Name> ? never : Name]: Shape<Type[Name]> };

/** Prevents a non-empty list if nothing is required, because `{}` would accept anything. */
type Exactly<Type> = keyof Type extends never ? Record<string, never> : Type;

/**
 * A port's own requirements, beyond the members that every provider has. The compiler keeps the list in line
 * with the port's types.
 */
interface PortShape<Port extends Provider> {
  readonly members: Exactly<Omit<Required<Port>, 'manifest'>>;
  readonly manifest: Exactly<Omit<Required<Port['manifest']>, keyof ProviderManifest<object>>>;
  /** Whether the manifest must contain a recovery. */
  readonly recovery: undefined extends Port['manifest']['recovery'] ? false : true;
  /**
   * Maps a method whose lost reply is recovered to the method that finds the sent data, with recovery `find`.
   */
  readonly finds: Partial<Record<keyof Port, keyof Port>>;
}

const PORTS: {
  delivery: PortShape<DeliveryProvider>;
  payment: PortShape<PaymentProvider>;
  telephony: PortShape<TelephonyProvider>;
  store: PortShape<StoreProvider>;
  recommendation: PortShape<RecommendationProvider>;
  chat: PortShape<ChatProvider>;
} = {
  delivery: {
    members: { calculate: 'function', save: 'function' },
    manifest: {
      ...{ statuses: 'list', cancelledStatus: 'text', forms: 'list', dataFields: 'list', shipmentDataFields: 'list' },
      ...{ payerTypes: 'list', printLimit: 'number', cod: 'boolean', packages: 'boolean', selfShipment: 'boolean' },
      ...{ trackNumber: 'boolean', requiredFields: 'list' },
    },
    recovery: true,
    finds: { save: 'find', saveShipment: 'findShipment' },
  },
  payment: {
    members: { create: 'function', get: 'function' },
    manifest: { currencies: 'list', invoiceTypes: 'list', captureModes: 'list', listShops: 'function' },
    recovery: true,
    finds: { create: 'find' },
  },
  telephony: {
    members: {},
    manifest: {
      ...{ events: 'object', isConfigured: 'function', listExtensions: 'function', listExternalPhones: 'function' },
      ...{ readCountry: 'function', readRecordDays: 'function' },
    },
    recovery: true,
    finds: { call: 'findCall' },
  },
  store: { members: { readStocks: 'function' }, manifest: { listCallPoints: 'function' }, recovery: true, finds: {} },
  recommendation: {
    members: { recommend: 'function' },
    manifest: { modes: 'list', scopes: 'list', addDefaultModes: 'function' },
    recovery: false,
    finds: {},
  },
  chat: { members: {}, manifest: {}, recovery: false, finds: {} },
};

/** Recoveries of an outside service. `local` is for a service with our database. */
const RECOVERIES = ['find', 'idempotency-key', 'none'];
/** Kinds with stored data of a provider, for the rows of its widgets. */
const RECORDED: readonly string[] = ['delivery', 'payment', 'store'] satisfies ProviderKind[];
/** Kinds with records that an action is about, and the states of the records. Default: the statuses. */
const PRESSED: Partial<Record<ProviderKind, readonly string[] | undefined>> = {
  delivery: undefined,
  payment: PAYMENT_STATUSES,
};
/** Signs that a first step was done. */
const SIGNS: readonly string[] = ['checked', 'set-up', 'used'] satisfies StepSign[];
const ACTION_ID = /^[A-Za-z0-9.-]{1,40}$/;
const SVG = /<svg[\s/>]/i;

/** Versions of the ports that are hosted, oldest first. docs/versions.md promises how long. */
const PORT_VERSIONS: readonly number[] = [1, PORT_VERSION];

type Values = Readonly<Record<string, unknown>>;

/**
 * Returns the reason why a provider cannot be used for an integration of this kind, worded to follow its
 * name. Returns undefined if it fits. Checks at runtime, because the provider may be compiled against other
 * types.
 */
export function findMisfit(made: unknown, kind: ProviderKind): string | undefined {
  if (!isMap(made)) return 'creates no provider: create must return an object';
  const { manifest } = made;
  if (!isMap(manifest)) return 'has no manifest';
  const { members, manifest: traits, recovery, finds } = PORTS[kind];
  return (
    findVersionMisfit(manifest) ??
    findManifestMisfit(manifest) ??
    findSettingsMisfit(manifest) ??
    findMissing(made, members, kind, '') ??
    findMissing(manifest, traits, kind, 'manifest.') ??
    (recovery || manifest['recovery'] !== undefined ? findRecoveryMisfit(made, manifest, finds) : undefined) ??
    findStrategyMisfit(made, manifest) ??
    findLookupMisfit(made, manifest) ??
    findStepMisfit(manifest) ??
    findWidgetMisfit(made, manifest, kind) ??
    findWebhookMisfit(made) ??
    findKindMisfit(made, manifest, kind)
  );
}

/** A provider of version 1 has no `portVersion`. */
function findVersionMisfit({ portVersion = 1 }: Values): string | undefined {
  if (!Number.isInteger(portVersion)) return 'has a manifest.portVersion that is not a whole number';
  if (PORT_VERSIONS.includes(portVersion as number)) return undefined;
  const remedy = (portVersion as number) > PORT_VERSION ? 'Crossdock' : 'the package';
  return `has the port version ${String(portVersion)}, and Crossdock ${readVersion()} supports ${PORT_VERSIONS.join(' and ')}. Update ${remedy}`;
}

function findManifestMisfit({ code, title, logo, logos, countries }: Values): string | undefined {
  if (typeof code !== 'string' || !/^[a-z][a-z0-9-]{0,49}$/.test(code))
    return 'has no manifest.code of lower-case letters, digits and dashes';
  if (!isLocalText(title)) return `has no manifest.title in ${CRM_LANGUAGES.join(', ')}`;
  if (!isSvg(logo)) return 'has no SVG source as manifest.logo';
  if (logos !== undefined && !(isMap(logos) && Object.values(logos).every(isSvg))) return 'must have only SVG sources in manifest.logos';
  if (!Array.isArray(countries)) return 'has no list as manifest.countries';
  const unknown: unknown = countries.find((country) => typeof country !== 'string' || !isCountryCode(country));
  return unknown === undefined
    ? undefined
    : `contains the country "${String(unknown)}", which is not an ISO 3166-1 alpha-2 code in upper case`;
}

function findSettingsMisfit(manifest: Values): string | undefined {
  const { settings, createDefaultSettings } = manifest;
  if (typeof settings !== 'function') return 'has no class as manifest.settings';
  if (typeof createDefaultSettings !== 'function') return 'has no function manifest.createDefaultSettings';
  const target = settings as DtoClass<object>;
  let known: Set<string>;
  try {
    known = new Set(buildSettingsForm(target).fields.map(({ name }) => name));
  } catch (error) {
    return `has settings without a possible form: ${errorText(error)}`;
  }
  for (const production of [false, true]) {
    try {
      const defaults = (manifest as unknown as ProviderManifest<object>).createDefaultSettings(production);
      // A bundled copy of class-validator stores the decorators privately.
      const lost = Object.keys(defaults).find((name) => !known.has(name));
      if (lost !== undefined)
        return `has the setting "${lost}", whose decorators this deployment cannot see. Import class-validator instead of bundling it`;
      getParser(target).parse(defaults);
    } catch (error) {
      const why = error instanceof BadInputError ? Object.entries(error.errors).flat().join(' ') : errorText(error);
      return `has default settings${production ? ' of production, createDefaultSettings(true),' : ''} that their own class rejects: ${why}`;
    }
  }
  return undefined;
}

function findMissing(values: Values, wanted: Readonly<Record<string, string>>, kind: ProviderKind, where: string): string | undefined {
  const missing = Object.entries(wanted).find(([name, shape]) => shapeOf(values[name]) !== shape);
  return missing && `lacks ${where}${missing[0]} (a ${missing[1]}), which a provider of kind ${kind} must have`;
}

function findRecoveryMisfit(provider: Values, { recovery }: Values, finds: Readonly<Record<string, unknown>>): string | undefined {
  const kind = isMap(recovery) ? recovery['kind'] : undefined;
  if (kind === 'local') return 'has the recovery "local", which is for services with this deployment’s own database';
  if (!RECOVERIES.includes(kind as string)) return `has no manifest.recovery of kind ${RECOVERIES.join(', ')}`;
  if (kind !== 'find') return undefined;
  if (typeof (recovery as Values)['settleSeconds'] !== 'number') return 'has the recovery "find" without settleSeconds';
  const unfound = Object.entries(finds).find(([method, find]) => provider[method] !== undefined && provider[find as string] === undefined);
  return unfound && `has the recovery "find" and ${unfound[0]}, but no method ${String(unfound[1])}`;
}

function findStrategyMisfit(provider: Values, { strategies = [], recovery, statuses }: Values): string | undefined {
  if (!Array.isArray(strategies)) return 'has no list as manifest.strategies';
  const isIn = (name: string): boolean => strategies.includes(name);
  const unknown: unknown = strategies.find((name) => !STRATEGIES.includes(name as never));
  if (unknown !== undefined) return `has the strategy "${String(unknown)}", which is not one of ${STRATEGIES.join(', ')}`;
  // The first order is found by our reference.
  const finding = ['create-then-buy', 'adopt-when-same'].find(isIn);
  if (finding && !(isMap(recovery) && recovery['kind'] === 'find')) return `has the strategy "${finding}" without the recovery "find"`;
  if (isIn('print-job') && !provider['print']) return 'has the strategy "print-job", but no method print';
  if (!isIn('create-and-wait') || !Array.isArray(statuses)) return undefined;
  if (!statuses.some((status) => isMap(status) && status['isPreprocessing']))
    return 'has the strategy "create-and-wait" without a status that isPreprocessing';
  return provider['track'] ? undefined : 'has the strategy "create-and-wait", but no method track, which reads the outcome';
}

function findLookupMisfit({ lookUp }: Values, { lookups }: Values): string | undefined {
  if (lookups === undefined) return undefined;
  if (!Array.isArray(lookups)) return 'has no list as manifest.lookups';
  const taken: unknown = lookups.find((name) => (CRM_LOOKUPS as readonly unknown[]).includes(name));
  if (taken !== undefined) return `has the lookup "${String(taken)}", which belongs to the CRM`;
  return lookups.length > 0 && typeof lookUp !== 'function' ? 'has lookups, but no method lookUp' : undefined;
}

function findStepMisfit({ firstSteps, settings }: Values): string | undefined {
  if (firstSteps === undefined) return undefined;
  if (!Array.isArray(firstSteps)) return 'has no list as manifest.firstSteps';
  // These two sections are on every page.
  const sections = new Set(['connect', 'rules', ...buildSettingsForm(settings as DtoClass<object>).sections.map(({ code }) => code)]);
  for (const [index, step] of (firstSteps as unknown[]).entries()) {
    const place = `manifest.firstSteps[${index}]`;
    if (!isMap(step) || !isLocalText(step['title']) || !isLocalText(step['text']))
      return `has no title and text in ${CRM_LANGUAGES.join(', ')} in ${place}`;
    const { isDone, sign, section } = step;
    if (typeof isDone !== 'function' && !SIGNS.includes(sign as string))
      return `has neither a function isDone nor a sign of ${SIGNS.join(', ')} in ${place}`;
    if (section !== undefined && !sections.has(section as string))
      return `contains "${String(section)}" in ${place}, which is not a section of its settings`;
  }
  return undefined;
}

function findWidgetMisfit(provider: Values, manifest: Values, kind: ProviderKind): string | undefined {
  const { widget } = manifest;
  if (widget === undefined) return undefined;
  if (!RECORDED.includes(kind)) return `has a manifest.widget, but only ${RECORDED.join(', ')} have stored data for its rows`;
  if (!isMap(widget)) return 'has no object as manifest.widget';
  const { rows = [], actions = [] } = widget;
  if (!Array.isArray(rows)) return 'has no list as manifest.widget.rows';
  if (!Array.isArray(actions)) return 'has no list as manifest.widget.actions';
  return findRowMisfit(rows) ?? (actions.length > 0 ? findActionMisfit(actions, provider, manifest, kind) : undefined);
}

function findActionMisfit(actions: readonly unknown[], provider: Values, manifest: Values, kind: ProviderKind): string | undefined {
  if (!(kind in PRESSED))
    return `has manifest.widget.actions, but only ${Object.keys(PRESSED).join(', ')} have records that an action is about`;
  if (typeof provider['press'] !== 'function') return 'has manifest.widget.actions, but no method press';
  const codes = PRESSED[kind] ?? (manifest['statuses'] as unknown[]).map((status) => isMap(status) && status['code']);
  const known = new Set<unknown>(codes);
  const ids = new Set<unknown>();
  for (const [index, action] of actions.entries()) {
    const place = `manifest.widget.actions[${index}]`;
    if (!isMap(action) || !isLocalText(action['label'])) return `has no label in ${CRM_LANGUAGES.join(', ')} in ${place}`;
    const { id, states = [], hasEffect } = action;
    if (typeof id !== 'string' || !ACTION_ID.test(id)) return `has no id of at most 40 letters, digits, dots and hyphens in ${place}`;
    if (ids.has(id)) return `repeats the id "${id}" in ${place}`;
    ids.add(id);
    if (typeof hasEffect !== 'boolean') return `must say with hasEffect, true or false, whether ${place} changes something`;
    if (!Array.isArray(states)) return `has no list as states in ${place}`;
    const unknown: unknown = states.find((code: unknown) => !known.has(code));
    if (unknown !== undefined) return `contains the state "${String(unknown)}" in ${place}, which is not one of its statuses`;
  }
  return undefined;
}

function findRowMisfit(rows: readonly unknown[]): string | undefined {
  for (const [index, row] of rows.entries()) {
    const place = `manifest.widget.rows[${index}]`;
    if (!isMap(row) || !isLocalText(row['label'])) return `has no label in ${CRM_LANGUAGES.join(', ')} in ${place}`;
    const { field, values, link } = row;
    if (typeof field !== 'string' || field === '') return `has no key of stored data as field in ${place}`;
    if (values !== undefined && !(isMap(values) && Object.values(values).every(isLocalText)))
      return `must have only texts in ${CRM_LANGUAGES.join(', ')} as values in ${place}`;
    if (link !== undefined && !(typeof link === 'string' && /^https:\/\/[^/{]+\/.*\{value\}/.test(link)))
      return `has a link that is not an https address with {value} in its path in ${place}`;
  }
  return undefined;
}

function findWebhookMisfit({ webhook }: Values): string | undefined {
  if (webhook === undefined) return undefined;
  const missing = ['verify', 'parse'].find((step) => !isMap(webhook) || typeof webhook[step] !== 'function');
  return missing && `has a webhook without ${missing}`;
}

function findKindMisfit(provider: Values, manifest: Values, kind: ProviderKind): string | undefined {
  const { webhook } = provider;
  switch (kind) {
    case 'delivery': {
      const codes = (manifest['statuses'] as unknown[]).map((status) => isMap(status) && status['code']);
      const misfit = findChoiceMisfit(manifest);
      if (misfit !== undefined) return misfit;
      if (!codes.includes(manifest['cancelledStatus'])) return 'has a manifest.cancelledStatus that is not one of its statuses';
      return isMap(webhook) && webhook['unsigned'] && !provider['track'] ? 'has an unsigned webhook, but no method track' : undefined;
    }
    case 'payment':
      return provider['openCheckout'] || provider['form'] ? undefined : 'has neither openCheckout nor form, so no one could pay';
    case 'telephony':
      return webhook && !provider['track'] ? 'has a webhook, but no method track' : undefined;
    case 'chat':
      return findChatMisfit(provider, manifest);
    default:
      return undefined;
  }
}

/** Members for several instances per account refer to names of the settings. */
function findChoiceMisfit(manifest: Values): string | undefined {
  const type = manifest['settings'] as DtoClass<object>;
  const known = new Set(buildSettingsForm(type).fields.map(({ name }) => name));
  for (const member of ['contractFields', 'senderFields']) {
    const names = manifest[member] ?? [];
    if (!Array.isArray(names)) return `has no list as manifest.${member}`;
    const unknown: unknown = names.find((name: string) => !known.has(name) || name === 'code');
    if (unknown !== undefined) return `contains "${String(unknown)}" in manifest.${member}, which its settings lack (and "code" is taken)`;
    const address: unknown = names.find((name: string) => isAddress(type, name));
    if (address !== undefined)
      return `contains the address "${String(address)}" in manifest.${member}: the secrets of the settings would be sent to it`;
  }
  return undefined;
}

function findChatMisfit(provider: Values, manifest: Values): string | undefined {
  if (provider['listAccounts']) return findMessengerMisfit(provider, manifest as unknown as Partial<ChatManifest<object>>);
  const lone = ['sendMessage', 'webhook'].find((name) => provider[name]);
  return lone && `has ${lone}, but no method listAccounts, which makes it a messenger`;
}

function findMessengerMisfit(
  provider: Values,
  { describeMessenger, createDefaultSettings }: Partial<ChatManifest<object>>,
): string | undefined {
  if (!describeMessenger || !createDefaultSettings) return 'has listAccounts, but no manifest.describeMessenger';
  if (provider['createTemplate'] && !(provider['listTemplates'] && provider['updateTemplate'] && provider['deleteTemplate']))
    return 'has createTemplate, but not all of listTemplates, updateTemplate and deleteTemplate';
  if (describeMessenger(createDefaultSettings()).newCustomer !== 'template' || provider['listTemplates']) return undefined;
  return 'lets managers begin with a template (newCustomer), but has no method listTemplates';
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null;
}

function isSvg(value: unknown): boolean {
  return typeof value === 'string' && SVG.test(value);
}

function isLocalText(value: unknown): boolean {
  return isMap(value) && CRM_LANGUAGES.every((language) => typeof value[language] === 'string' && value[language] !== '');
}

function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  return typeof value === 'string' ? 'text' : typeof value;
}
