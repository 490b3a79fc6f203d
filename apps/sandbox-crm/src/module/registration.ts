import { CountryCodeIso3166 } from '#crm-client/wire';
import { type Json, type JsonObject, asList, asObject, asObjects, asText, isObject } from '../json.js';
import type { AccountContext } from '../store/account-context.js';

/** Callbacks that a delivery configuration may name, from the reference. */
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

/** One of them. */
export type DeliveryAction = (typeof DELIVERY_ACTIONS)[number];

/** Callbacks that a payment configuration may name (reference: Payment/Actions). */
export const PAYMENT_ACTIONS = ['create', 'approve', 'cancel', 'refund', 'status'] as const;

/** One of them. */
export type PaymentAction = (typeof PAYMENT_ACTIONS)[number];

/** Callbacks of telephony: the two that a configuration names, the page, and the `recordUrl` of a call. */
export const TELEPHONY_CALLBACKS = ['makeCall', 'changeUserStatus', 'personalAccount', 'record'] as const;

/** One of them. */
export type TelephonyCallback = (typeof TELEPHONY_CALLBACKS)[number];

/** Callbacks that a warehouse configuration may name (reference: Store/Action). */
export const STORE_ACTIONS = ['inventoriesUpload', 'inventoriesActualize'] as const;

/** One of them. */
export type StoreAction = (typeof STORE_ACTIONS)[number];

/** Callbacks that a recommendation configuration may name. */
export const RECOMMENDATION_ACTIONS = ['recommendation'] as const;

/** Callbacks that a chat transport's configuration may name (reference: TransportConfiguration). */
export const CHAT_ACTIONS = ['online', 'visits'] as const;

/** One of them. */
export type ChatAction = (typeof CHAT_ACTIONS)[number];

const INTEGRATIONS = ['telephony', 'delivery', 'store', 'recommendation', 'payment', 'mgTransport', 'mgBot', 'embedJs'];
const FIELD_TYPES = ['integer', 'text', 'autocomplete', 'checkbox', 'choice', 'date'];
const PAYER_TYPES = ['receiver', 'sender'];
const COUNTRIES: ReadonlySet<string> = new Set(CountryCodeIso3166);

/** Messages by field. */
export interface FieldErrors {
  [field: string]: string;
}

/**
 * Checks a registration beyond its types: what is required of a module outside the marketplace, closed value lists, references within it and to the
 * account's reference lists. Gives the messages by field (`integrationModule...`), none when all is well.
 */
export function checkRegistration(module: JsonObject, code: string, crm: AccountContext): FieldErrors {
  const check = new Check('integrationModule');
  check.text(module, ['code', 'integrationCode', 'name', 'logo', 'clientId', 'baseUrl', 'accountUrl']);
  if (module['code'] !== undefined && module['code'] !== code) check.add('code', `must be the code of the path, "${code}"`);
  for (const field of ['logo', 'baseUrl', 'accountUrl']) check.url(module, field);
  check.paths(module, 'actions', ['activity', 'settings']);
  check.countries(module, 'availableCountries', true);
  const integrations = asObject(module['integrations']);
  for (const kind of Object.keys(integrations))
    if (!INTEGRATIONS.includes(kind)) check.add(`integrations.${kind}`, `is not one of ${INTEGRATIONS.join(', ')}`);
  if (isObject(integrations['delivery'])) checkDelivery(integrations['delivery'], check.inside('integrations.delivery'), crm);
  if (isObject(integrations['payment'])) checkPayment(integrations['payment'], check.inside('integrations.payment'));
  if (isObject(integrations['telephony'])) checkTelephony(integrations['telephony'], check.inside('integrations.telephony'));
  if (isObject(integrations['store'])) checkStore(integrations['store'], check.inside('integrations.store'));
  if (isObject(integrations['recommendation']))
    checkRecommendation(integrations['recommendation'], check.inside('integrations.recommendation'));
  if (isObject(integrations['mgTransport'])) checkTransport(integrations['mgTransport'], check.inside('integrations.mgTransport'));
  return check.errors;
}

function checkDelivery(delivery: JsonObject, check: Check, crm: AccountContext): void {
  check.paths(delivery, 'actions', DELIVERY_ACTIONS, true);
  const actions = asObject(delivery['actions']);
  const payers = asList(delivery['payerType']);
  if (payers.length === 0) check.add('payerType', 'must name at least one of receiver, sender');
  payers.forEach((payer, index) => check.oneOf(`payerType[${index}]`, payer, PAYER_TYPES));
  check.countries(delivery, 'availableCountries', false);

  const statuses = asObjects(delivery['statusList']);
  if (statuses.length === 0) check.add('statusList', 'must name at least one status');
  statuses.forEach((status, index) => check.inside(`statusList[${index}]`).text(status, ['code', 'name']));
  check.unique('statusList', statuses);

  const plates = asObjects(delivery['plateList']);
  plates.forEach((plate, index) => {
    const inner = check.inside(`plateList[${index}]`);
    inner.text(plate, ['type', 'code', 'label']);
    inner.oneOf('type', plate['type'], ['order', 'shipment']);
  });
  check.unique('plateList', plates);
  if (plates.length > 0 && actions['print'] === undefined) check.add('actions.print', 'is required when plateList names printed forms');

  for (const list of ['deliveryDataFieldList', 'shipmentDataFieldList']) {
    const fields = asObjects(delivery[list]);
    fields.forEach((field, index) => checkDataField(field, check.inside(`${list}[${index}]`)));
    check.unique(list, fields);
  }

  const settings = asObject(delivery['settings']);
  const inner = check.inside('settings');
  if (settings['defaultPayerType'] !== undefined) inner.oneOf('defaultPayerType', settings['defaultPayerType'], payers.map(String));
  const trackingCodes = statuses.map((status) => asText(status['code']) ?? '');
  asObjects(settings['statuses']).forEach((row, index) => {
    inner.oneOf(`statuses[${index}].trackingStatusCode`, row['trackingStatusCode'], trackingCodes);
    inner.known(`statuses[${index}].code`, row['code'], crm, 'statuses');
  });
  asObjects(settings['paymentTypes']).forEach((row, index) => inner.known(`paymentTypes[${index}].code`, row['code'], crm, 'paymentTypes'));
  asObjects(settings['shipmentPoints']).forEach((row, index) => inner.known(`shipmentPoints[${index}].code`, row['code'], crm, 'stores'));
}

function checkDataField(field: JsonObject, check: Check): void {
  check.text(field, ['code', 'label', 'type']);
  check.oneOf('type', field['type'], FIELD_TYPES);
  if (field['type'] === 'choice' && Object.keys(asObject(field['choices'])).length === 0)
    check.add('choices', 'is required for a field of type choice');
  if (field['type'] === 'autocomplete' && asText(field['autocompleteUrl']) === undefined) {
    check.add('autocompleteUrl', 'is required for a field of type autocomplete');
  }
}

function checkPayment(payment: JsonObject, check: Check): void {
  check.paths(payment, 'actions', PAYMENT_ACTIONS, true);
  for (const action of ['create', 'status'])
    if (asText(asObject(payment['actions'])[action]) === undefined) check.add(`actions.${action}`, 'is required');
  const currencies = asList(payment['currencies']);
  if (currencies.length === 0) check.add('currencies', 'must name at least one currency');
  currencies.forEach((currency, index) => {
    if (!/^[A-Z]{3}$/.test(String(currency))) check.add(`currencies[${index}]`, `is not an ISO 4217 code: ${JSON.stringify(currency)}`);
    else if (currencies.indexOf(currency) !== index) check.add(`currencies[${index}]`, `"${String(currency)}" is there twice`);
  });
  if (asList(payment['invoiceTypes']).length === 0) check.add('invoiceTypes', 'must name at least one type: link');
  asList(payment['invoiceTypes']).forEach((type, index) => check.oneOf(`invoiceTypes[${index}]`, type, ['link']));
  const shops = asObjects(payment['shops']);
  if (shops.length === 0) check.add('shops', 'must name at least one shop');
  shops.forEach((shop, index) => check.inside(`shops[${index}]`).text(shop, ['code', 'name']));
  check.unique('shops', shops);
}

function checkTelephony(telephony: JsonObject, check: Check): void {
  for (const field of ['makeCallUrl', 'changeUserStatusUrl', 'personalAccountUrl']) check.relative(field, telephony[field]);
  asObjects(telephony['additionalCodes']).forEach((row, index) => check.inside(`additionalCodes[${index}]`).text(row, ['userId', 'code']));
  asObjects(telephony['externalPhones']).forEach((row, index) =>
    check.inside(`externalPhones[${index}]`).text(row, ['siteCode', 'externalPhone']),
  );
}

function checkStore(store: JsonObject, check: Check): void {
  asObjects(store['actions']).forEach((action, index) => {
    check.inside(`actions[${index}]`).text(action, ['code', 'url']);
    check.inside(`actions[${index}]`).oneOf('code', action['code'], STORE_ACTIONS);
    check.inside(`actions[${index}]`).relative('url', action['url']);
  });
  check.unique('actions', asObjects(store['actions']));
}

function checkRecommendation(recommendation: JsonObject, check: Check): void {
  check.paths(recommendation, 'actions', RECOMMENDATION_ACTIONS, true);
  const modes = asObjects(recommendation['modes']);
  modes.forEach((mode, index) => check.inside(`modes[${index}]`).text(mode, ['code']));
  check.unique('modes', modes);
}

function checkTransport(transport: JsonObject, check: Check): void {
  for (const field of ['webhookUrl', 'endpointUrl']) check.url(transport, field);
  check.paths(transport, 'actions', CHAT_ACTIONS);
}

/** Gathers messages under a path. */
class Check {
  constructor(
    private readonly path: string,
    readonly errors: FieldErrors = {},
  ) {}

  inside(path: string): Check {
    return new Check(`${this.path}.${path}`, this.errors);
  }

  add(field: string, message: string): void {
    this.errors[`${this.path}.${field}`] ??= message;
  }

  text(object: JsonObject, fields: readonly string[]): void {
    for (const field of fields) if (asText(object[field]) === undefined) this.add(field, 'is required');
  }

  url(object: JsonObject, field: string): void {
    const text = asText(object[field]);
    if (text === undefined) return;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url || !['http:', 'https:'].includes(url.protocol)) this.add(field, `must be an http or https URL, not "${text}"`);
  }

  paths(object: JsonObject, field: string, allowed: readonly string[], required = false): void {
    const actions = object[field];
    if (required && (!isObject(actions) || Object.keys(actions).length === 0)) this.add(field, 'must name at least one action');
    if (!isObject(actions)) return;
    for (const [name, path] of Object.entries(actions)) {
      if (!allowed.includes(name)) this.add(`${field}.${name}`, `is not one of ${allowed.join(', ')}`);
      else this.relative(`${field}.${name}`, path ?? null);
    }
  }

  /** A path below `baseUrl`, when there is one. */
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

  oneOf(field: string, value: Json | undefined, allowed: readonly string[]): void {
    if (value !== undefined && !allowed.includes(String(value)))
      this.add(field, `must be one of ${allowed.join(', ')}, not ${JSON.stringify(value)}`);
  }

  known(field: string, value: Json | undefined, crm: AccountContext, collection: string): void {
    const code = asText(value);
    if (code !== undefined && !crm.find(collection, 'code', code)) this.add(field, `"${code}" is not in the account's ${collection}`);
  }

  unique(list: string, rows: readonly JsonObject[]): void {
    const seen = new Set<string>();
    rows.forEach((row, index) => {
      const code = asText(row['code']);
      if (code === undefined) return;
      if (seen.has(code)) this.add(`${list}[${index}].code`, `"${code}" is there twice`);
      seen.add(code);
    });
  }
}
