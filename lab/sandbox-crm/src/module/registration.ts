import { CountryCodeIso3166, PaymentInvoiceType } from '#crm-client/wire';
import { type Json, type JsonObject, asList, asObject, asObjects, asText, isObject } from '../json.js';
import type { AccountContext } from '../store/account-context.js';
import type { InstalledModule } from '../store/state.js';

/** Callbacks that a delivery configuration may contain, from the reference. */
export const DELIVERY_ACTIONS = [
  'calculate',
  'save',
  'get',
  'delete',
  'print',
  'shipmentSave',
  'shipmentDelete',
  'shipmentPointList',
  'tariffList',
  'autocomplete',
] as const;

/** A delivery callback. */
export type DeliveryAction = (typeof DELIVERY_ACTIONS)[number];

/** Callbacks that a payment configuration may contain (reference: Payment/Actions). */
export const PAYMENT_ACTIONS = ['create', 'approve', 'cancel', 'refund', 'status'] as const;

/** A payment callback. */
export type PaymentAction = (typeof PAYMENT_ACTIONS)[number];

/** Callbacks of telephony: the two of a configuration, the page, and the `recordUrl` of a call. */
export const TELEPHONY_CALLBACKS = ['makeCall', 'changeUserStatus', 'personalAccount', 'record'] as const;

/** A telephony callback. */
export type TelephonyCallback = (typeof TELEPHONY_CALLBACKS)[number];

/** Callbacks that a warehouse configuration may contain (reference: Store/Action). */
export const STORE_ACTIONS = ['inventoriesUpload', 'inventoriesActualize'] as const;

/** A warehouse callback. */
export type StoreAction = (typeof STORE_ACTIONS)[number];

/** Callbacks that a recommendation configuration may contain. */
export const RECOMMENDATION_ACTIONS = ['recommendation'] as const;

/** Callbacks that a chat transport's configuration may contain (reference: TransportConfiguration). */
export const CHAT_ACTIONS = ['online', 'visits'] as const;

/** A chat transport's callback. */
export type ChatAction = (typeof CHAT_ACTIONS)[number];

const FIELD_TYPES = ['integer', 'text', 'autocomplete', 'checkbox', 'choice', 'date'];
const PAYER_TYPES = ['receiver', 'sender'];
const COUNTRIES: ReadonlySet<string> = new Set(CountryCodeIso3166);

/** Returns the code of the module that an instance belongs to. */
export function readModuleCode({ code, registration }: InstalledModule): string {
  return asText(registration['integrationCode']) ?? code;
}

/** Messages by field. */
export interface FieldErrors {
  [field: string]: string;
}

/** The errors of a registration. */
export interface RegistrationCheck {
  /** Violations of the reference. The registration is rejected. */
  readonly errors: FieldErrors;
  /** Mistakes that the reference does not mention but a module should fix. They are accepted. */
  readonly hints: FieldErrors;
}

/**
 * Checks a registration beyond types, by field: rejects everything that the reference forbids (such as a
 * missing name, codes outside closed lists, whole URLs as paths). Other likely mistakes are hints.
 */
export function checkRegistration(module: JsonObject, code: string, crm: AccountContext): RegistrationCheck {
  const check = new Check('integrationModule');
  check.text(module, ['name', 'logo']);
  check.wish(module, ['code', 'clientId', 'baseUrl', 'accountUrl']);
  if (module['code'] !== undefined && module['code'] !== code) check.hint('code', `is not the code of the path, "${code}"`);
  for (const field of ['logo', 'baseUrl', 'accountUrl']) check.url(module, field);
  check.paths(module, 'actions', ['activity', 'settings']);
  check.countries(module, 'availableCountries', true);
  const integrations = asObject(module['integrations']);
  if (isObject(integrations['delivery'])) checkDelivery(integrations['delivery'], check.inside('integrations.delivery'), crm);
  if (isObject(integrations['payment'])) checkPayment(integrations['payment'], check.inside('integrations.payment'));
  if (isObject(integrations['telephony'])) checkTelephony(integrations['telephony'], check.inside('integrations.telephony'));
  if (isObject(integrations['store'])) checkStore(integrations['store'], check.inside('integrations.store'));
  if (isObject(integrations['recommendation']))
    checkRecommendation(integrations['recommendation'], check.inside('integrations.recommendation'));
  if (isObject(integrations['mgTransport'])) checkTransport(integrations['mgTransport'], check.inside('integrations.mgTransport'));
  if (isObject(integrations['embedJs'])) checkWidgets(integrations['embedJs'], check.inside('integrations.embedJs'));
  return check;
}

/** Places of widgets in the order and customer cards, and in the order form of the chats. */
export const EMBED_TARGETS: ReadonlySet<string> = new Set([
  ...['common.before', 'common.after', 'customer.before', 'customer.after', 'customer.email', 'customer.phone'].map(inOrderCard),
  ...['list.before', 'list.after', 'store.before', 'dimensions.before', 'delivery.before', 'delivery.after'].map(inOrderCard),
  ...['delivery.address', 'payment.before', 'comment.manager.before'].map(inOrderCard),
  ...['list', 'delivery', 'payment'].flatMap((part) => [`order/mg:${part}.before`, `order/mg:${part}.after`]),
  ...['phone', 'communications.after', 'inWork.before', 'inWork.after'].map((place) => `customer/card:${place}`),
]);

function inOrderCard(place: string): string {
  return `order/card:${place}`;
}

/** Unknown targets and menus are only hints: the vendor adds some without a new version of the API. */
function checkWidgets(embed: JsonObject, check: Check): void {
  if (embed['entrypoint'] === undefined) check.add('entrypoint', 'is required');
  for (const field of ['entrypoint', 'stylesheet']) check.relative(field, embed[field]);
  check.expectOneOf('runner', embed['runner'], ['worker', 'iframe']);
  const targets = asList(embed['targets']);
  const pages = asObjects(embed['pages']);
  if (targets.length + pages.length === 0) check.add('targets', 'must have a target, or pages a page');
  targets.forEach((target, index) => {
    if (!EMBED_TARGETS.has(String(target))) check.hint(`targets[${index}]`, `is not a known target: ${JSON.stringify(target)}`);
    if (targets.indexOf(target) !== index) check.hint(`targets[${index}]`, `"${String(target)}" is there twice`);
  });
  if (pages.length > 0 && embed['runner'] !== 'worker') check.add('runner', 'must be worker for a module with pages');
  check.unique('pages', pages);
  pages.forEach((page, index) => {
    const inner = check.inside(`pages[${index}]`);
    if (!/^[A-Za-z-]+$/.test(asText(page['code']) ?? '')) inner.add('code', 'must be letters and dashes');
    inner.wishOneOf('menu', page['menu'], ['activity_main_menu', 'private_main_menu']);
    for (const field of ['menuItemTitle', 'pageHelpLink']) {
      const text = page[field];
      if (isObject(text) && ['ru', 'en', 'es'].some((language) => !asText(text[language]))) inner.add(field, 'must have ru, en and es');
    }
  });
}

function checkDelivery(delivery: JsonObject, check: Check, crm: AccountContext): void {
  check.paths(delivery, 'actions', DELIVERY_ACTIONS, true);
  const actions = asObject(delivery['actions']);
  const payers = asList(delivery['payerType']);
  if (payers.length === 0) check.hint('payerType', 'names neither receiver nor sender');
  payers.forEach((payer, index) => check.expectOneOf(`payerType[${index}]`, payer, PAYER_TYPES));
  check.countries(delivery, 'availableCountries', false);

  const statuses = asObjects(delivery['statusList']);
  if (statuses.length === 0) check.hint('statusList', 'names no status');
  statuses.forEach((status, index) => check.inside(`statusList[${index}]`).wish(status, ['code', 'name']));
  check.unique('statusList', statuses);

  const plates = asObjects(delivery['plateList']);
  plates.forEach((plate, index) => {
    const inner = check.inside(`plateList[${index}]`);
    inner.wish(plate, ['type', 'code', 'label']);
    inner.wishOneOf('type', plate['type'], ['order', 'shipment']);
  });
  check.unique('plateList', plates);
  if (plates.length > 0 && actions['print'] === undefined) check.hint('actions.print', 'is missing, while plateList names printed forms');

  for (const list of ['deliveryDataFieldList', 'shipmentDataFieldList']) {
    const fields = asObjects(delivery[list]);
    fields.forEach((field, index) => checkDataField(field, check.inside(`${list}[${index}]`)));
    check.unique(list, fields);
  }

  const settings = asObject(delivery['settings']);
  const inner = check.inside('settings');
  if (settings['defaultPayerType'] !== undefined) inner.wishOneOf('defaultPayerType', settings['defaultPayerType'], payers.map(String));
  const trackingCodes = statuses.map((status) => asText(status['code']) ?? '');
  asObjects(settings['statuses']).forEach((row, index) => {
    inner.wishOneOf(`statuses[${index}].trackingStatusCode`, row['trackingStatusCode'], trackingCodes);
    inner.known(`statuses[${index}].code`, row['code'], crm, 'statuses');
  });
  asObjects(settings['paymentTypes']).forEach((row, index) => inner.known(`paymentTypes[${index}].code`, row['code'], crm, 'paymentTypes'));
  asObjects(settings['shipmentPoints']).forEach((row, index) => inner.known(`shipmentPoints[${index}].code`, row['code'], crm, 'stores'));
}

function checkDataField(field: JsonObject, check: Check): void {
  check.wish(field, ['code', 'label', 'type']);
  check.expectOneOf('type', field['type'], FIELD_TYPES);
  if (field['type'] === 'choice' && Object.keys(asObject(field['choices'])).length === 0)
    check.hint('choices', 'is missing, while the field is of type choice');
  if (field['type'] === 'autocomplete' && asText(field['autocompleteUrl']) === undefined)
    check.hint('autocompleteUrl', 'is missing, while the field is of type autocomplete');
}

function checkPayment(payment: JsonObject, check: Check): void {
  check.paths(payment, 'actions', PAYMENT_ACTIONS, true);
  check.inside('actions').wish(asObject(payment['actions']), ['create', 'status']);
  const currencies = asList(payment['currencies']);
  if (currencies.length === 0) check.hint('currencies', 'names no currency');
  currencies.forEach((currency, index) => {
    if (!/^[A-Z]{3}$/.test(String(currency))) check.hint(`currencies[${index}]`, `is not an ISO 4217 code: ${JSON.stringify(currency)}`);
    else if (currencies.indexOf(currency) !== index) check.hint(`currencies[${index}]`, `"${String(currency)}" is there twice`);
  });
  if (asList(payment['invoiceTypes']).length === 0) check.hint('invoiceTypes', 'names no type: link');
  asList(payment['invoiceTypes']).forEach((type, index) => check.expectOneOf(`invoiceTypes[${index}]`, type, PaymentInvoiceType));
  const shops = asObjects(payment['shops']);
  if (shops.length === 0) check.hint('shops', 'names no shop');
  shops.forEach((shop, index) => check.inside(`shops[${index}]`).wish(shop, ['code', 'name']));
  check.unique('shops', shops);
}

function checkTelephony(telephony: JsonObject, check: Check): void {
  for (const field of ['makeCallUrl', 'changeUserStatusUrl', 'personalAccountUrl']) check.relative(field, telephony[field]);
  asObjects(telephony['additionalCodes']).forEach((row, index) => check.inside(`additionalCodes[${index}]`).wish(row, ['userId', 'code']));
  asObjects(telephony['externalPhones']).forEach((row, index) =>
    check.inside(`externalPhones[${index}]`).wish(row, ['siteCode', 'externalPhone']),
  );
}

function checkStore(store: JsonObject, check: Check): void {
  asObjects(store['actions']).forEach((action, index) => {
    check.inside(`actions[${index}]`).wish(action, ['code', 'url']);
    check.inside(`actions[${index}]`).wishOneOf('code', action['code'], STORE_ACTIONS);
    check.inside(`actions[${index}]`).relative('url', action['url']);
  });
  check.unique('actions', asObjects(store['actions']));
}

function checkRecommendation(recommendation: JsonObject, check: Check): void {
  check.paths(recommendation, 'actions', RECOMMENDATION_ACTIONS, true);
  const modes = asObjects(recommendation['modes']);
  modes.forEach((mode, index) => check.inside(`modes[${index}]`).wish(mode, ['code']));
  check.unique('modes', modes);
}

function checkTransport(transport: JsonObject, check: Check): void {
  for (const field of ['webhookUrl', 'endpointUrl']) check.url(transport, field);
  check.paths(transport, 'actions', CHAT_ACTIONS);
}

/** Collects messages under a path. */
class Check implements RegistrationCheck {
  constructor(
    private readonly path: string,
    readonly errors: FieldErrors = {},
    readonly hints: FieldErrors = {},
  ) {}

  inside(path: string): Check {
    return new Check(`${this.path}.${path}`, this.errors, this.hints);
  }

  add(field: string, message: string): void {
    this.errors[`${this.path}.${field}`] ??= message;
  }

  hint(field: string, message: string): void {
    this.hints[`${this.path}.${field}`] ??= message;
  }

  text(object: JsonObject, fields: readonly string[]): void {
    for (const field of fields)
      if (asText(object[field]) === undefined) this.add(field, 'is required for a module outside the marketplace');
  }

  /** Does the same as `text` for fields that the reference does not require. */
  wish(object: JsonObject, fields: readonly string[]): void {
    for (const field of fields) if (asText(object[field]) === undefined) this.hint(field, 'is missing');
  }

  url(object: JsonObject, field: string): void {
    const text = asText(object[field]);
    if (text === undefined) return;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url || !['http:', 'https:'].includes(url.protocol)) this.hint(field, `is not an http or https URL: "${text}"`);
  }

  paths(object: JsonObject, field: string, allowed: readonly string[], wished = false): void {
    const actions = object[field];
    if (wished && (!isObject(actions) || Object.keys(actions).length === 0)) this.hint(field, 'names no action');
    if (!isObject(actions)) return;
    for (const [name, path] of Object.entries(actions)) {
      if (!allowed.includes(name)) this.add(`${field}.${name}`, `is not one of ${allowed.join(', ')}`);
      else this.relative(`${field}.${name}`, path ?? null);
    }
  }

  /** Checks a path below `baseUrl`, if there is one. */
  relative(field: string, path: Json | undefined): void {
    if (path === undefined) return;
    if (asText(path) === undefined) this.add(field, 'must be a path relative to baseUrl');
    else if (/^[a-z]+:\/\//i.test(String(path))) this.add(field, 'must be relative to baseUrl, not a whole URL');
  }

  countries(object: JsonObject, field: string, required: boolean): void {
    const list = asList(object[field]);
    if (required && list.length === 0) this.add(field, 'is required for a module outside the marketplace');
    list.forEach((country, index) => {
      if (!COUNTRIES.has(String(country))) this.add(`${field}[${index}]`, `is not an ISO 3166-1 alpha-2 code: ${JSON.stringify(country)}`);
    });
  }

  expectOneOf(field: string, value: Json | undefined, allowed: readonly string[]): void {
    if (value !== undefined && !allowed.includes(String(value)))
      this.add(field, `must be one of ${allowed.join(', ')}, not ${JSON.stringify(value)}`);
  }

  wishOneOf(field: string, value: Json | undefined, allowed: readonly string[]): void {
    if (value !== undefined && !allowed.includes(String(value)))
      this.hint(field, `is not one of ${allowed.join(', ')}: ${JSON.stringify(value)}`);
  }

  known(field: string, value: Json | undefined, crm: AccountContext, collection: string): void {
    const code = asText(value);
    if (code !== undefined && !crm.find(collection, 'code', code)) this.hint(field, `"${code}" is not in the account's ${collection}`);
  }

  unique(list: string, rows: readonly JsonObject[]): void {
    const seen = new Set<string>();
    rows.forEach((row, index) => {
      const code = asText(row['code']);
      if (code === undefined) return;
      if (seen.has(code)) this.hint(`${list}[${index}].code`, `"${code}" is there twice`);
      seen.add(code);
    });
  }
}
