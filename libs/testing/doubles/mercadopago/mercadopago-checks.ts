import { isIP } from 'node:net';
import type { MercadoPagoModes } from './mercadopago-modes.js';
import { MercadoPagoRefusal, type MercadoPagoRequest } from './mercadopago-objects.js';
import { isAmount, type MercadoPagoSite, PAYMENT_TYPES, readAmount } from './mercadopago-sites.js';

/** What a check of a body by its schema found. */
export interface SchemaError {
  keyword: string;
  /** Such as `/items/0/title`. */
  instancePath: string;
  params: Readonly<Record<string, unknown>>;
  message?: string;
}

/** Whose order it is to be. */
export interface OrderOwner {
  site: MercadoPagoSite;
  /** A test account takes no buyers but test users. */
  isTest: boolean;
  modes: MercadoPagoModes;
}

/** The service's codes by the keyword that a body breaks; `property_value` for others. */
const CODES: Readonly<Record<string, string>> = {
  required: 'required_properties',
  additionalProperties: 'unsupported_properties',
  type: 'property_type',
  minProperties: 'minimum_properties',
  minItems: 'minimum_items',
  maxItems: 'maximum_items',
};

const EVERYTHING = PAYMENT_TYPES.filter((type) => type !== 'account_money');

/** The refusal of a body that is not as its schema says. */
export function refuseBody({ keyword, instancePath, params, message = '' }: SchemaError): MercadoPagoRefusal {
  const path = `$${instancePath.replace(/\/(\d+)(?=\/|$)/g, '[$1]').replaceAll('/', '.')}`;
  const missing = params['missingProperty'] ?? params['additionalProperty'];
  const named = missing === undefined ? path : `${path}.${String(missing)}`;
  return refuse(CODES[keyword] ?? 'property_value', named, message);
}

/** Checks what a schema cannot say of an order to open. Throws MercadoPagoRefusal. */
export function checkOrder(request: MercadoPagoRequest, { site, isTest, modes }: OrderOwner): void {
  const { total_amount, items, payer, config, external_reference, currency, marketplace_fee } = request;
  const total = checkAmount(total_amount, '$.total_amount', site);
  if (total <= 0) throw refuse('property_value', '$.total_amount', 'must be greater than 0');
  if (external_reference !== undefined && external_reference.length > modes.referenceLength)
    throw refuse('property_value', '$.external_reference', sayLength(modes.referenceLength, external_reference));
  if (currency !== undefined && currency !== site.currency)
    throw refuse('property_value', '$.currency', `must be ${site.currency}, the seller's`);
  if (marketplace_fee !== undefined) throw refuse('invalid_properties', '$.marketplace_fee', 'the seller has not authorised a marketplace');
  if (request.capture_mode === 'manual' && !modes.holds)
    throw refuse('property_value', '$.capture_mode', 'is not available for this type of checkout');
  if (items) checkItems(items, total, site, modes);
  if (payer) checkPayer(payer, site, isTest);
  if (config) checkConfig(config, site, modes);
}

/** The amount in the smallest unit. Throws MercadoPagoRefusal. */
export function checkAmount(amount: string, path: string, site: MercadoPagoSite): number {
  const isNegative = amount.startsWith('-');
  const written = isNegative ? amount.slice(1) : amount;
  if (!isAmount(written, site)) {
    const digits = site.digits === 0 ? 'no digits' : 'none or two digits';
    throw refuse('property_value', path, `must have ${digits} after the point in ${site.currency}, but got ${amount}`);
  }
  return (isNegative ? -1 : 1) * readAmount(written, site);
}

/** A refusal of a body, with the path of what is wrong in it. */
export function refuse(code: string, path: string, what: string): MercadoPagoRefusal {
  return new MercadoPagoRefusal(400, code, 'The request is not valid.', [`'${path}' - ${what}`]);
}

function checkItems(
  items: NonNullable<MercadoPagoRequest['items']>,
  total: number,
  site: MercadoPagoSite,
  { negativeLines, totalMismatch }: MercadoPagoModes,
): void {
  let sum = 0;
  for (const [index, { unit_price, quantity }] of items.entries()) {
    const path = `$.items[${index}].unit_price`;
    const price = checkAmount(unit_price, path, site);
    if (price === 0 || (price < 0 && !negativeLines)) throw refuse('invalid_items', path, 'must be greater than 0');
    sum += price * quantity;
  }
  if (sum !== total) throw refuse(totalMismatch, '$.total_amount', 'must be equal to the sum of the items');
}

function checkPayer({ email, identification }: NonNullable<MercadoPagoRequest['payer']>, site: MercadoPagoSite, isTest: boolean): void {
  if (isTest && !email.endsWith('@testuser.com'))
    throw refuse('invalid_email_for_sandbox', '$.payer.email', 'must end with @testuser.com in a test account');
  if (!identification) return;
  if (!site.documents.includes(identification.type))
    throw refuse('property_value', '$.payer.identification.type', `must be one of ${site.documents.join(', ')}`);
  if (site.currency === 'BRL' && !/^\d+$/.test(identification.number))
    throw refuse('property_value', '$.payer.identification.number', 'must have digits only');
}

function checkConfig(config: NonNullable<MercadoPagoRequest['config']>, site: MercadoPagoSite, modes: MercadoPagoModes): void {
  const { online = {}, payment_method = {}, statement_descriptor } = config;
  if (statement_descriptor !== undefined && statement_descriptor.length > modes.descriptorLength)
    throw refuse('property_value', '$.config.statement_descriptor', sayLength(modes.descriptorLength, statement_descriptor));
  for (const name of ['success_url', 'failure_url', 'pending_url'] as const)
    if (modes.httpsReturn && online[name] !== undefined && !isPublicHttps(online[name]))
      throw refuse('property_value', `$.config.online.${name}`, 'must be a public https address');
  if (online.auto_return !== undefined && (online.success_url === undefined || !isPublicHttps(online.success_url)))
    throw refuse('invalid_auto_return', '$.config.online.auto_return', 'back_url.success must be defined, with a public https address');
  const { not_allowed_ids: ids = [], not_allowed_types: types = [] } = payment_method;
  if (types.includes('account_money') || ids.includes('account_money'))
    throw refuse('property_value', '$.config.payment_method', 'account_money cannot be excluded');
  const others = site.methods.filter(({ payment_type_id }) => payment_type_id !== 'account_money');
  const isEverything = others.every(({ id, payment_type_id }) => ids.includes(id) || types.includes(payment_type_id));
  if (isEverything || EVERYTHING.every((type) => types.includes(type)))
    throw refuse('property_value', '$.config.payment_method', 'at least one way to pay has to remain');
}

function isPublicHttps(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' && hostname.includes('.') && isIP(hostname) === 0;
}

function sayLength(most: number, text: string): string {
  return `length must be <= ${most}, but got ${text.length}`;
}
